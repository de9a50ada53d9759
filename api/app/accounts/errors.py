"""What can go wrong with an account."""

from starlette.responses import JSONResponse
from starlette.types import Scope

from app.core.errors import FieldError, InvalidBody, Problem


class EmailTaken(Problem):
    """There is an account with this e-mail address."""

    status, code = 409, "email_taken"


class InvalidCredentials(Problem):
    """The e-mail address and the password don't belong together."""

    status, code = 401, "invalid_credentials"
    commits = True  # a failed sign-in is a row of the audit log


class AccountDisabled(InvalidCredentials):
    """The e-mail address and the password don't belong together."""  # nobody else is told


class FreshSignInNeeded(Problem):
    """Sign in again with your provider, then ask within five minutes; or give your password."""

    status, code = 403, "fresh_sign_in_needed"


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


class EmailUnverified(Problem):
    """The password is right, but the link in the mail to this address has not been used yet."""

    status, code = 403, "email_unverified"


class WrongPassword(Problem):
    """The password is not yours."""

    status, code = 403, "wrong_password"
    commits = True  # like a failed sign-in


class CommonPassword(InvalidBody):
    """The body is not what this call takes."""

    def __init__(self, pointer: str) -> None:
        message = "This password is too easy to guess"
        super().__init__(errors=[FieldError(pointer=pointer, code="common_password", message=message)])
