"""One client's connection: what waits to be written on it, whatever streams share it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from enum import IntEnum
from time import monotonic
from uuid import UUID

import structlog

from app.streams.wire import Wire

log = structlog.get_logger(__name__)


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
        "_failure", "_has_large", "_limit", "_out", "_patience", "_ready", "_room", "_turn", "_waiting", "_write",
        "_writing", "closed", "credential", "last_push", "leave_at", "owes_its_first", "wire",
    )  # fmt: skip

    def __init__(self, wire: Wire, limit: int, credential: UUID | None = None) -> None:
        self.wire = wire
        self.credential = credential
        self.closed: Close | None = None
        self.last_push = monotonic()
        self.leave_at = float("inf")
        self.owes_its_first = False  # the client has no place yet: nothing, not even a heartbeat, comes before it
        self._limit = limit
        self._out: list[bytes] = []
        self._waiting = 0
        self._has_large = False
        self._ready: asyncio.Future[None] | None = None
        self._room: asyncio.Event | None = None
        self._turn: asyncio.Lock | None = None
        self._write: Callable[[], Coroutine[None, None, None]] | None = None
        self._writing: asyncio.Task[None] | None = None
        self._patience: asyncio.Timeout | None = None
        self._failure: Exception | None = None

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
        self.owes_its_first = False
        self.last_push = monotonic()
        if is_large and not self._has_large:
            self._has_large = True
        else:
            self._waiting += len(frames)
            if self._waiting > self._limit:
                log.info("a client is too slow", bytes=self._waiting)
                self.end(Close.TOO_SLOW)
                return
        self._stir()

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
        if self._room:
            self._room.set()
        self._stir()
        self._leave_within(LAST_WORDS.get(why, _TO_ITS_END))

    async def take(self) -> bytes:
        """All that waits, as soon as there is something; b"" when nothing will come any more."""
        while not self._out and self.closed is None:
            self._ready = asyncio.get_running_loop().create_future()
            await self._ready
        return self.waiting()

    def waiting(self) -> bytes:
        """All that waits, b"" for nothing; it is the caller's from now on."""
        frames = b"".join(self._out)
        self._out.clear()
        self._waiting = 0
        self._has_large = False
        if self._room:
            self._room.set()
        return frames

    async def attend(self, write: Callable[[], Coroutine[None, None, None]], hear: Awaitable[None]) -> None:
        """Serves the client until it is gone, or until all is written after the end. Raises what went wrong here.

        `write` is to write what waits; it is called when something does, and not again before it is done. So a client
        that waits costs one task, which hears.
        """
        self._write = write
        try:
            async with asyncio.timeout(None) as self._patience:
                if self.closed is not None:
                    self._leave_within(LAST_WORDS.get(self.closed, _TO_ITS_END))
                if self._out or self.closed is not None:
                    self._stir()
                await hear
        except OSError:
            pass  # a TimeoutError is one, too: our patience is over, or the server says that the client is gone
        finally:
            self._write = self._patience = None
            if self._writing:
                self._writing.cancel()
                await asyncio.gather(self._writing, return_exceptions=True)
        if self._failure and not isinstance(self._failure, OSError):
            raise self._failure

    def _stir(self) -> None:
        """Something waits, or the end has come."""
        if self._ready and not self._ready.done():
            self._ready.set_result(None)
        if self._write and not self._writing:
            self._writing = asyncio.get_running_loop().create_task(self._work(self._write))

    async def _work(self, write: Callable[[], Coroutine[None, None, None]]) -> None:
        try:
            await write()
        except Exception as failure:
            self._failure = failure
        finally:
            # not by a callback, which comes a step later: what was queued in between would lie there unwritten
            self._writing = None
        if self._failure or self.closed is not None:
            self._leave_within(0)

    def _leave_within(self, seconds: float) -> None:
        if self._patience and not self._patience.expired():
            self._patience.reschedule(asyncio.get_running_loop().time() + seconds)
