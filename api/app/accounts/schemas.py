"""Accounts on the wire."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.accounts.common_passwords import is_common
from app.core.caller import Role
from app.core.schemas import NOT_BLANK, Body, Resource


def _normalised(value: str) -> str:
    """One person's address is one account, whatever its case."""
    try:
        # test_environment: names below .test are addresses, too; whether mail arrives is not asked here
        return validate_email(value.strip(), check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError as error:
        raise PydanticCustomError("email", "This is not an e-mail address") from error


Email = Annotated[
    str,
    Field(max_length=254, examples=["ada@example.com"], json_schema_extra={"format": "email"}),
    AfterValidator(_normalised),
]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    Field(examples=["Ada"], json_schema_extra={"pattern": NOT_BLANK}),
]


NewPassword = Annotated[
    str,
    Field(
        min_length=15,
        max_length=128,
        examples=["six calm otters at noon"],
        description="Any characters; common passwords are refused",
    ),
]
CurrentPassword = Annotated[str, Field(min_length=1, max_length=128, examples=["six calm otters at noon"])]


class Registration(Body):
    """A new account."""

    email: Email
    password: NewPassword
    name: Name

    @model_validator(mode="after")
    def _password_is_no_common_one(self) -> Self:
        if is_common(self.password, self.email, self.name):
            context: dict[str, Any] = {"pointer": "/password"}
            raise PydanticCustomError("common_password", "This password is too easy to guess", context)
        return self


class Credentials(Body):
    """Who signs in."""

    email: Email
    password: CurrentPassword


class MailSent(Resource):
    """A mail is on its way, if there is anything to tell whoever has the address: it is the same answer for all."""

    email: str


class User(Resource):
    """An account as its owner sees it."""

    id: UUID
    email: str
    name: str
    role: Role
    created_at: datetime
