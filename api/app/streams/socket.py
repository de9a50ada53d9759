"""A WebSocket's session: hears what its client wants and writes what its topics have."""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Literal

import structlog
from pydantic import TypeAdapter
from starlette.types import Message, Receive, Send

from app.core.aio import heed_cancel
from app.core.caller import Caller
from app.core.error_handlers import is_away
from app.core.errors import NotFound
from app.core.ids import new_id
from app.settings import StreamSettings
from app.streams.connection import Close, Connection
from app.streams.events import Event
from app.streams.messages import ClientMessage, SocketError, Subscribe, Welcome
from app.streams.topics import Subscription, Topics
from app.streams.wire import unsubscribed

log = structlog.get_logger(__name__)

_MESSAGE: TypeAdapter[ClientMessage] = TypeAdapter(ClientMessage)
_MESSAGE_CHARACTERS = 4_096
_BAD_IN_A_ROW = 10
_SUBSCRIBED_WITHIN = 3.0

Code = Literal["invalid_message", "unknown_topic", "not_found", "too_many_topics", "unavailable"]


class Socket:
    """One client. Its messages are answered in their order; its topics share its connection."""

    def __init__(
        self, connection: Connection, caller: Caller, topics: Mapping[str, Topics], settings: StreamSettings
    ) -> None:
        self._connection = connection
        self._caller = caller
        self._topics = topics
        self._settings = settings
        self._open: dict[str, Subscription] = {}
        self._bad = 0

    async def run(self, receive: Receive, send: Send) -> None:
        """Serves the accepted socket until one side ends it."""
        self._say(Welcome(connection_id=new_id(), heartbeat_seconds=self._settings.heartbeat.total_seconds()))
        try:
            await self._connection.attend(partial(self._write, send), self._hear(receive))
        finally:
            for subscription in tuple(self._open.values()):
                subscription.stop()

    async def _write(self, send: Send) -> None:
        connection = self._connection
        while frames := await connection.take():
            for line in frames[:-1].split(b"\n"):
                await send({"type": "websocket.send", "text": line.decode()})
                if connection.closed in {Close.TOO_SLOW, Close.SIGNED_OUT}:
                    break
        await send({"type": "websocket.close", "code": int(connection.closed or Close.DONE)})

    async def _hear(self, receive: Receive) -> None:
        while (message := await receive())["type"] != "websocket.disconnect":
            heed_cancel()
            if self._connection.closed is None:
                await self._answer(message)

    async def _answer(self, message: Message) -> None:
        said = message.get("text")
        if said is None or len(said) > _MESSAGE_CHARACTERS:
            self._refuse("invalid_message", "Only short text frames are understood.")
            return
        try:
            wish = _MESSAGE.validate_json(said)
        except ValueError:  # a ValidationError is one, too
            self._refuse("invalid_message", "It is no message of this socket.")
            return
        kind, colon, name = wish.topic.partition(":")
        topics = self._topics.get(kind + colon)
        if topics is None:
            self._refuse("unknown_topic", "There is no such topic.")
            return
        self._bad = 0
        if isinstance(wish, Subscribe):
            await self._subscribe(topics, name, wish)
        else:
            if subscription := self._open.pop(wish.topic, None):
                subscription.stop()
            self._connection.push(unsubscribed(wish.topic))

    async def _subscribe(self, topics: Topics, name: str, wish: Subscribe) -> None:
        before = self._open.get(wish.topic)
        if before is None and len(self._open) >= self._settings.topics_per_socket:
            self._error("too_many_topics", "Unsubscribe from a topic first.")
            return
        subscription = Subscription(wish.topic, wish.cursor, self._caller, self._connection)
        subscription.begin = lambda: self._begin(subscription)
        subscription.end = lambda: self._end(subscription)
        await self._connection.room()  # its time is the client's
        try:
            async with asyncio.timeout(_SUBSCRIBED_WITHIN):
                await topics.subscribe(subscription, name)
        except NotFound as missing:
            self._error("not_found", missing.detail)
        except Exception as error:
            if not subscription.has_begun:  # else it did in the last moment, and may have ended, too
                if not is_away(error):
                    log.exception("a topic can't be begun")
                self._error("unavailable", "A part that this needs is away; try again soon.")
        finally:
            if not subscription.has_begun:  # the socket may be over, too: nobody else knows of it yet
                subscription.stop()

    def _begin(self, subscription: Subscription) -> None:
        """Takes the place of the topic's subscription before it, in the moment in which the new one is queued."""
        subscription.has_begun = True
        if before := self._open.get(subscription.topic):
            before.stop()
        self._open[subscription.topic] = subscription

    def _end(self, subscription: Subscription) -> None:
        if self._open.get(subscription.topic) is subscription:
            del self._open[subscription.topic]
            asyncio.get_running_loop().call_soon(subscription.stop)
            self._connection.push(unsubscribed(subscription.topic))

    def _refuse(self, code: Code, detail: str) -> None:
        """Answers what can't be understood; who says nothing else is sent away."""
        self._error(code, detail)
        self._bad += 1
        if self._bad >= _BAD_IN_A_ROW:
            self._connection.end(Close.BAD_MESSAGES)

    def _error(self, code: Code, detail: str) -> None:
        self._say(SocketError(code=code, detail=detail))

    def _say(self, event: Event) -> None:
        self._connection.push(event.model_dump_json().encode() + b"\n")
