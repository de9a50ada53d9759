"""What can go wrong with an account."""

from app.core.errors import Problem


class EmailTaken(Problem):
    """There is an account with this e-mail address."""

    status, code = 409, "email_taken"


class InvalidCredentials(Problem):
    """The e-mail address and the password don't belong together."""

    status, code = 401, "invalid_credentials"
