"""The stream of a design, which is the work itself: they begin and end together."""

import asyncio
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any, TypeVar

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.design.errors import ClientGone
from app.design.events import DesignDone, DesignError
from app.design.writing import Writing
from app.streams.events import heartbeat, record
from app.streams.sse import HEADERS
from app.streams.wire import SSE

T = TypeVar("T")


class DesignStream(Response):
    """Streams what is written until its ending, or until the client goes."""

    def __init__(self, writing: AbstractAsyncContextManager[Writing], heartbeat: float) -> None:
        super().__init__(headers=HEADERS)
        self._writing = writing
        self._heartbeat = heartbeat

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(name, value) for name, value in self.raw_headers if name != b"content-length"]
        async with self._writing as writing:
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            with suppress(ClientGone):
                await while_connected(self._write(writing, send), receive)

    async def _write(self, writing: Writing, send: Send) -> None:
        if task := asyncio.current_task():
            writing.on_cut = task.cancel
        is_over = False
        while not is_over:
            events = await writing.take(self._heartbeat)
            is_over = bool(events) and isinstance(events[-1], DesignDone | DesignError)
            told = [record(event) for event in events] or [heartbeat()]
            frames = b"".join(SSE.event(None, event) for event in told)
            await send({"type": "http.response.body", "body": frames, "more_body": not is_over})


async def while_connected(work: Coroutine[Any, Any, T], receive: Receive) -> T:
    """Gives what the work gives. Raises ClientGone, with the work cancelled, as soon as nobody waits for it."""
    working, gone = asyncio.ensure_future(work), asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait({working, gone}, return_when=asyncio.FIRST_COMPLETED)
        if working.done() and not working.cancelled():
            return working.result()
        raise ClientGone
    finally:
        working.cancel()
        gone.cancel()
        await asyncio.gather(working, gone, return_exceptions=True)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
