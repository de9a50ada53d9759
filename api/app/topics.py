"""What `/ws/events` carries: the topics of all features, and the union of what they say."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from app.core.caller import Caller
from app.core.db import Database, Reader
from app.design.events import DesignEvent
from app.streams.cursor import Cursor
from app.streams.events import Event, Heartbeat
from app.streams.feeds import Feeds
from app.streams.hub import Hub
from app.streams.messages import ClientMessage, SocketError, Subscribed, TopicName, Unsubscribed, Welcome
from app.streams.topics import LogTopics, Topics
from app.tasks import service as tasks
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
    "DesignEvent": DesignEvent,
    "ServerMessage": ServerMessage,
    "ClientMessage": ClientMessage,
}
"""What streams carry: components of the contract that no route mentions."""


def topics(db: Database, hub: Hub, feeds: Feeds) -> dict[str, Topics]:
    """All topics by their kind; one that has names ends with a colon."""

    async def task(caller: Caller, task_id: UUID) -> Cursor:
        return await tasks.cursor(Reader(db), caller=caller, task_id=task_id)

    return {"task:": LogTopics(hub, task), "feed": feeds}
