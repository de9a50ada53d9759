"""What `/ws/events` carries: the topics of all features, and the union of what they say."""

from typing import Annotated, Any, Literal

from pydantic import Field

from app.streams.events import Event, Heartbeat
from app.streams.messages import ClientMessage, SocketError, Subscribed, TopicName, Unsubscribed, Welcome
from app.tasks.events import FeedEvent, TaskEvent


class TopicEvent(Event):
    """An event of a topic and the place after it; null where the place does not move."""

    type: Literal["event"] = "event"
    topic: TopicName
    cursor: str | None
    event: TaskEvent | FeedEvent


ServerMessage = Annotated[
    Welcome | Subscribed | TopicEvent | Unsubscribed | Heartbeat | SocketError, Field(discriminator="type")
]
"""Everything that the server says on `/ws/events`."""

EVENTS: dict[str, Any] = {
    "TaskEvent": TaskEvent,
    "FeedEvent": FeedEvent,
    "ServerMessage": ServerMessage,
    "ClientMessage": ClientMessage,
}
"""What streams carry: components of the contract that no route mentions."""
