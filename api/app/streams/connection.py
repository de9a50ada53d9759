"""One client's connection: what waits to be written on it, whatever streams share it."""

import asyncio
from collections.abc import Callable
from enum import IntEnum
from functools import partial
from time import monotonic
from uuid import UUID

from app.streams.log import Record
from app.streams.wire import Wire


class Close(IntEnum):
    """Why a connection ends: a WebSocket's close code."""

    DONE = 1000
    BAD_MESSAGES = 1008
    RESTART = 1012
    SIGNED_OUT = 4401
    TOO_SLOW = 4408
    TOO_MANY = 4429


LAST_WORDS = {Close.SIGNED_OUT: 0.2, Close.BAD_MESSAGES: 2.0, Close.TOO_SLOW: 10.0, Close.RESTART: 10.0}
"""How many seconds a client that hardly reads may take for what it is still to be told."""
_TO_ITS_END = 300.0  # an ending may be large and its reader slow: cutting it off would only have it come back


class Connection:
    """Holds at most `limit` bytes that nobody takes, and one large frame besides.

    A snapshot or an ending may be larger than the limit, or it could never be read.
    """

    __slots__ = (
        "_has_large", "_limit", "_out", "_ready", "_room", "_turn", "_waiting",
        "closed", "last_push", "leave_at", "on_end", "session", "wire",
    )  # fmt: skip

    def __init__(self, wire: Wire, limit: int, session: UUID | None = None) -> None:
        self.wire = wire
        self.session = session
        self.closed: Close | None = None
        self.on_end: Callable[[], object] | None = None
        self.last_push = monotonic()
        self.leave_at = float("inf")
        self._limit = limit
        self._out: list[bytes] = []
        self._waiting = 0
        self._has_large = False
        self._ready = asyncio.Event()
        self._room: asyncio.Event | None = None
        self._turn: asyncio.Lock | None = None

    @property
    def has_room(self) -> bool:
        """Whether a large frame may be pushed."""
        return not self._has_large and self._waiting <= self._limit // 2

    def turn(self) -> asyncio.Lock:
        """Held by whoever makes a large frame: on a connection of many streams they come one after another."""
        self._turn = self._turn or asyncio.Lock()
        return self._turn

    async def room(self) -> None:
        """Waits until a large frame may be pushed, or for the end."""
        while self.closed is None and not self.has_room:
            self._room = self._room or asyncio.Event()
            self._room.clear()
            await self._room.wait()

    def push(self, frames: bytes, *, is_large: bool = False) -> None:
        """Queues frames. A client that does not keep up is given up on; it has a cursor to come back with."""
        if self.closed is not None or not frames:
            return
        self._out.append(frames)
        self.last_push = monotonic()
        if is_large and not self._has_large:
            self._has_large = True
        else:
            self._waiting += len(frames)
            if self._waiting > self._limit:
                self.end(Close.TOO_SLOW)
                return
        self._ready.set()

    def send(self, record: Record) -> None:
        """Queues an event that belongs to the connection and has no place in a log."""
        self.push(self.wire.event(None, record))

    def leave(self, retry_ms: int) -> None:
        """Ends the connection, not its streams: the client is to come back with its cursors."""
        self.push(self.wire.farewell(retry_ms))
        self.end(Close.RESTART)

    def end(self, why: Close) -> None:
        """Nothing more is queued. What waits is still written, unless the client may not or can't have it."""
        if self.closed is not None:
            return
        self.closed = why
        if why in {Close.TOO_SLOW, Close.SIGNED_OUT}:
            self._out.clear()
        self._ready.set()
        if self._room:
            self._room.set()
        if self.on_end:
            self.on_end()

    async def take(self) -> bytes:
        """All that waits, as soon as there is something; b"" when nothing will come any more."""
        if not self._out and self.closed is None:
            self._ready.clear()
            await self._ready.wait()
        frames = b"".join(self._out)
        self._out.clear()
        self._waiting = 0
        self._has_large = False
        if self._room:
            self._room.set()
        return frames

    async def attend(self, writing: asyncio.Future[None], hearing: asyncio.Future[None]) -> None:
        """Waits until all is written or the client is gone, and ends both. Raises what went wrong on our side."""
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.on_end = partial(over.set_result, None)  # once: a connection ends once
        if self.closed is not None:
            self.on_end()
        try:
            await asyncio.wait({writing, hearing, over}, return_when=asyncio.FIRST_COMPLETED)
            if self.closed is not None and not hearing.done():
                within = LAST_WORDS.get(self.closed, _TO_ITS_END)
                await asyncio.wait({writing, hearing}, timeout=within, return_when=asyncio.FIRST_COMPLETED)
        finally:
            writing.cancel()
            hearing.cancel()
            outcomes = await asyncio.gather(writing, hearing, return_exceptions=True)
        for outcome in outcomes:
            # the server says with an OSError that the client is gone
            if isinstance(outcome, Exception) and not isinstance(outcome, OSError):
                raise outcome
