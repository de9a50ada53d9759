"""Identities on the wire."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.core.schemas import Resource


class Identity(Resource):
    """An account elsewhere that may sign in as the caller."""

    id: UUID
    provider: str = Field(examples=["github"])
    name: str = Field(examples=["GitHub"], description="What the provider is called")
    email: str | None = Field(examples=["ada@example.com"], description="Its address there, the last time")
    created_at: datetime
    last_used_at: datetime


class IdentityList(Resource):
    """All ways into the caller's account."""

    items: list[Identity]
    has_password: bool
