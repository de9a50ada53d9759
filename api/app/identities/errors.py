"""What can go wrong with an identity, told to a person on the page or to a program."""

from typing import Literal

from app.core.errors import Problem

SignInError = Literal[
    "account_disabled",
    "account_exists",
    "attempt_expired",
    "denied",
    "email_unverified",
    "identity_taken",
    "provider_refused",
    "provider_unavailable",
    "session_ended",
    "too_many_attempts",
    "unavailable",
]
"""Why a sign-in at a provider ended nowhere; it stands in the address of the page that says it in words."""


class Refused(Exception):  # noqa: N818 - it is no fault of ours
    """A sign-in at a provider ends here. `reason` is for the log: no code, no token, no address."""

    def __init__(self, error: SignInError, reason: str) -> None:
        super().__init__(reason)
        self.error = error
        self.reason = reason


class LastWayIn(Problem):
    """Without it nobody could sign in to this account: set a password or link another one first."""

    status, code = 409, "last_way_in"
