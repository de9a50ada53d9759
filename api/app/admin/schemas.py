"""Administration on the wire."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from app.audit.schemas import AuditEvent
from app.core.caller import Role
from app.core.schemas import Body, Resource


class AdminUser(Resource):
    """An account as an administrator sees it."""

    id: UUID
    email: str
    name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None
    sessions: Annotated[int, Field(ge=0, description="Those that have not ended")]


class UserPage(BaseModel):
    """Accounts, the newest first."""

    items: list[AdminUser]
    next_cursor: str | None


class UserUpdate(Body):
    """What is to change; null stays as it is."""

    role: Annotated[Role | None, Field(examples=["admin"])] = None
    disabled: Annotated[StrictBool | None, Field(description="True ends the sessions and revokes the API keys")] = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.role is None and self.disabled is None:
            raise PydanticCustomError("nothing_to_change", "Say what is to change: role or disabled")
        return self


class AuditPerson(Resource):
    """Who somebody is now."""

    id: UUID
    email: str
    name: str


class AuditPage(BaseModel):
    """Events, the newest first, and those of their people who still have an account."""

    items: list[AuditEvent]
    people: list[AuditPerson]
    next_cursor: str | None
