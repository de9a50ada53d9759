"""Credentials on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from app.accounts.schemas import CurrentPassword, Email, NewPassword
from app.core.schemas import Body, Resource

Secret = Annotated[
    str,
    Field(
        min_length=1,
        max_length=100,
        examples=["uJ9mWkZ0bX3qvT1yR5cNfH7sLdA2eGpK8oViQ4xMjwE"],
        description="What stands behind `#token=` in the link",
    ),
]


class LinkToken(Body):
    """A link that somebody was sent."""

    token: Secret


class Address(Body):
    """Where a mail is asked for."""

    email: Email


class NewPasswordByLink(Body):
    """A new password, by a link that somebody was sent."""

    token: Secret
    password: NewPassword


class PasswordChange(Body):
    """A new password, by the present one."""

    current_password: CurrentPassword
    new_password: NewPassword


class EmailChange(Body):
    """A new e-mail address, by the password."""

    email: Email
    password: CurrentPassword


class Provider(Resource):
    """Somebody else who says who somebody is."""

    id: str
    name: str


class AuthOptions(Resource):
    """How one can sign in here."""

    registration: Literal["open", "verified"] = Field(
        description="open: an account is made at once; verified: when the link in a mail was used"
    )
    password_reset: bool = Field(description="Whether a forgotten password can be replaced by mail")
    mails_url: str | None = Field(description="In development: the page that shows the mails")
    providers: list[Provider]
