"""What a feature that has topics gives to `/ws/events`, and what it gets."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol
from uuid import UUID

from app.core.caller import Caller
from app.core.errors import NotFound
from app.streams.connection import Connection
from app.streams.cursor import Cursor
from app.streams.hub import Hub
from app.streams.wire import TopicMessages, subscribed


class Subscription:
    """One topic on one socket. Whoever serves it calls `begin` once its first frames are queued, and `end` at its end.

    `stop` is theirs to set: it ends the serving, and may be called twice.
    """

    def __init__(self, topic: str, cursor: str | None, caller: Caller, connection: Connection) -> None:
        self.topic = topic
        self.cursor = cursor
        self.caller = caller
        self.connection = connection
        self.has_begun = False
        self.begin: Callable[[], object] = _nothing
        self.end: Callable[[], object] = _nothing
        self.stop: Callable[[], object] = _nothing


class Topics(Protocol):
    """The topics of one kind: `<kind>`, or `<kind>:<name>`."""

    async def subscribe(self, subscription: Subscription, name: str) -> None:
        """Queues `subscribed` and what follows it, and returns once that is done. Raises NotFound."""


class LogTopics:
    """Topics that are documents with an event log. `place` gives a document's cursor, or raises NotFound."""

    def __init__(self, hub: Hub, place: Callable[[Caller, UUID], Awaitable[Cursor]]) -> None:
        self._hub = hub
        self._place = place

    async def subscribe(self, subscription: Subscription, name: str) -> None:
        document = _id(name)
        cursor = Cursor.parse(subscription.cursor)
        row = await self._place(subscription.caller, document)
        if row.is_ending and cursor == row:
            subscription.connection.push(subscribed(subscription.topic, str(row)))
            subscription.begin()
            subscription.end()
            return

        began = asyncio.Event()

        def begin() -> None:
            subscription.begin()
            began.set()

        reader = self._hub.add(
            document,
            cursor,
            TopicMessages(subscription.topic),
            subscription.connection,
            on_start=begin,
            on_end=subscription.end,
        )
        subscription.stop = partial(self._hub.remove, reader)
        await began.wait()


def _id(name: str) -> UUID:
    """The id that `name` is in its one canonical form. Raises NotFound."""
    try:
        found = UUID(name)
    except ValueError:
        raise NotFound from None
    if str(found) != name:
        raise NotFound
    return found


def _nothing() -> None:
    pass
