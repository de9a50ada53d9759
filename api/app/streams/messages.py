"""What `/ws/events` says and hears, whatever its topics are about."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from app.streams.events import Event

TopicName = Annotated[str, Field(min_length=1, max_length=200, description="`feed`, or `task:<id>`")]


class Welcome(Event):
    """The socket is open."""

    type: Literal["welcome"] = "welcome"
    connection_id: UUID
    heartbeat_seconds: Annotated[float, Field(gt=0, description="Silence longer than two of these: come back")]


class Subscribed(Event):
    """The topic goes on after `cursor`; null: a snapshot comes first."""

    type: Literal["subscribed"] = "subscribed"
    topic: TopicName
    cursor: str | None


class Unsubscribed(Event):
    """Nothing of the topic comes any more: it was asked for, or the topic has ended."""

    type: Literal["unsubscribed"] = "unsubscribed"
    topic: TopicName


class SocketError(Event):
    """A message could not be understood or followed. Answers come in the order of the messages."""

    type: Literal["error"] = "error"
    code: Literal["invalid_message", "unknown_topic", "not_found", "too_many_topics", "unavailable"]
    detail: str


class Subscribe(BaseModel):
    """Begin a topic after `cursor`, or where it is now. A second one begins it again."""

    type: Literal["subscribe"]
    topic: TopicName
    cursor: str | None = None


class Unsubscribe(BaseModel):
    """Send nothing of the topic any more."""

    type: Literal["unsubscribe"]
    topic: TopicName


ClientMessage = Annotated[Subscribe | Unsubscribe, Field(discriminator="type")]
"""Everything that a client may say on `/ws/events`."""
