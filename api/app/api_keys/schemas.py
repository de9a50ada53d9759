"""API keys on the wire."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, StringConstraints
from pydantic_core import PydanticCustomError

from app.core.caller import Scope
from app.core.schemas import NOT_BLANK, Body, Resource


def _in_the_future(value: datetime) -> datetime:
    try:
        moment = value.astimezone(UTC)
    except OverflowError:  # a moment of the year 1 or 9999, in a zone where it is another year
        moment = datetime.min.replace(tzinfo=UTC)
    if moment <= datetime.now(UTC):
        raise PydanticCustomError("not_in_the_future", "A key expires in the future, or never")
    return moment


class ApiKeyCreate(Body):
    """What a new key is for."""

    name: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
        Field(examples=["Nightly report"], json_schema_extra={"pattern": NOT_BLANK}),
    ]
    scopes: Annotated[
        list[Scope],
        Field(min_length=1, max_length=3, examples=[["tasks:read"]], description="What it may be used for"),
        AfterValidator(lambda scopes: sorted(set(scopes))),
    ]
    expires_at: Annotated[
        Annotated[AwareDatetime, AfterValidator(_in_the_future)] | None,
        Field(examples=[None], description="Null: never"),
    ] = None


class ApiKey(Resource):
    """A key, by what its owner knows it again."""

    id: UUID
    name: str
    prefix: Annotated[str, Field(description="The first characters of the key")]
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: Annotated[datetime | None, Field(description="To the minute")]


class NewApiKey(ApiKey):
    """A key that was just made."""

    key: Annotated[str, Field(description="The key itself, shown this once")]


class ApiKeyList(BaseModel):
    """Keys, the newest first."""

    items: list[ApiKey]
