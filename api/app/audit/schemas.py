"""The audit log on the wire."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.audit.actions import Action
from app.core.schemas import Resource


class AuditDetail(Resource):
    """Where an event came from: personal, so that it may have been deleted."""

    email: Annotated[str | None, Field(description="The address that was tried, where there may be no account")]
    address: str
    user_agent: str


class AuditEvent(Resource):
    """Something that happened to an account."""

    id: UUID
    action: Action
    actor_id: Annotated[UUID | None, Field(description="Who did it; null: nobody who was signed in")]
    user_id: Annotated[UUID | None, Field(description="Whose account it is about")]
    facts: Annotated[dict[str, Any], Field(description="Ids and names of choices that belong to the action")]
    request_id: str
    created_at: datetime
    detail: AuditDetail | None
