"""Sessions on the wire."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.core.schemas import Resource


class Session(Resource):
    """A sign-in on one device, as its owner sees it."""

    id: UUID
    created_at: datetime
    last_used_at: datetime = Field(description="To the minute")
    expires_at: datetime = Field(description="When it ends unless it is used")
    device: str = Field(description="As far as the browser tells", examples=["Firefox on Linux"])
    address: str = Field(description="Where it was used last; empty where that is unknown", examples=["203.0.113.7"])
    current: bool = Field(description="Whether it is the one that asks")


class SessionList(Resource):
    """Somebody's sessions, the one used last first."""

    items: list[Session]
