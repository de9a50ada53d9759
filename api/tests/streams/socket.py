"""A WebSocket client for tests: it keeps what it heard, and follows the topics' rules as a page does."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.people import Person
from tests.server import Server

Message = dict[str, Any]


class SocketClient:
    """An open socket and all the messages it got, parsed and as they came."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.raw: list[str] = []
        self.messages: list[Message] = []

    async def send(self, **message: Any) -> None:
        await self.connection.send(json.dumps(message))

    async def subscribe(self, topic: str, cursor: str | None = None) -> None:
        await self.send(type="subscribe", topic=topic, cursor=cursor)

    async def next(self) -> Message:
        """The next message. Raises ConnectionClosed."""
        raw = await self.connection.recv()
        assert isinstance(raw, str)
        message: Message = json.loads(raw)
        self.raw.append(raw)
        self.messages.append(message)
        return message

    async def until(self, kind: str, **fields: Any) -> Message:
        """Reads to a message of the type, or to an event of it, that has the fields."""
        while True:
            message = await self.next()
            for said in (message, message.get("event", {})):
                if said.get("type") == kind and fields.items() <= {**message, **said}.items():
                    return message

    async def closed(self) -> int | None:
        """Reads to the close. Gives its code."""
        try:
            while True:
                await self.next()
        except ConnectionClosed:
            return self.connection.close_code

    def events(self, topic: str) -> list[Message]:
        return [message for message in self.messages if message["type"] == "event" and message["topic"] == topic]

    @property
    def types(self) -> list[str]:
        """What came, an event by its own type, without heartbeats."""
        types = [message.get("event", message)["type"] for message in self.messages]
        return [kind for kind in types if kind != "heartbeat"]


@asynccontextmanager
async def socket(server: Server, person: Person | None, **given: Any) -> AsyncIterator[SocketClient]:
    """Opens `/ws/events` as a page of the site does."""
    site = str(person.browser.base_url).rstrip("/") if person else "http://localhost:3000"
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in person.browser.cookies.jar) if person else ""
    headers = {"Cookie": cookies} | given.pop("headers", {})
    url = server.url.replace("http", "ws", 1) + "/ws/events"
    options: dict[str, Any] = {
        "origin": site,
        "open_timeout": 10,
        "compression": None,
        "max_size": None,
        "max_queue": None,
    } | given
    async with connect(url, additional_headers=headers, **options) as connection:
        yield SocketClient(connection)
