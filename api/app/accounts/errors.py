"""What can go wrong with an account."""

from starlette.responses import JSONResponse
from starlette.types import Scope

from app.core.errors import Problem


class EmailTaken(Problem):
    """There is an account with this e-mail address."""

    status, code = 409, "email_taken"


class InvalidCredentials(Problem):
    """The e-mail address and the password don't belong together."""

    status, code = 401, "invalid_credentials"
    commits = True  # a failed sign-in is a row of the audit log


class AccountDisabled(InvalidCredentials):
    """The e-mail address and the password don't belong together."""  # nobody else is told


class SessionOver(Problem):
    """The session can't be gone on with: both cookies are taken away."""

    status = 401

    def response(self, scope: Scope) -> JSONResponse:
        """The answer, which clears the cookies."""
        response = super().response(scope)
        scope["app"].state.authentication.cookies.clear(response)
        return response


class SessionExpired(SessionOver):
    """The session has expired; sign in again."""

    code = "session_expired"


class SessionRevoked(SessionOver):
    """The session was ended; sign in again."""

    code = "session_revoked"


class RefreshReused(SessionOver):
    """An old refresh token was used again; the session was ended for safety."""

    code = "refresh_reused"
    commits = True
