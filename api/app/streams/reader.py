"""One client's place in one stream, and what waits to be written to it."""

import asyncio
from collections.abc import Callable
from time import monotonic
from uuid import UUID

from app.streams.catch_up import CatchUp
from app.streams.cursor import Cursor
from app.streams.events import NEW_ATTEMPT
from app.streams.log import Entry, Record
from app.streams.wire import Wire


class Batch:
    """What one read of the log gave for one document, encoded once for all readers of a wire."""

    __slots__ = ("_encoded", "entries", "first", "last", "plain")

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = entries
        self.first, self.last = entries[0].cursor, entries[-1].cursor
        # consecutive entries of one attempt, none an ending: the whole batch or nothing follows a reader's cursor
        self.plain = self.last == (self.first.attempt, self.first.seq + len(entries) - 1) and not self.last.is_ending
        self._encoded: dict[Wire, bytes] = {}

    def encoded(self, wire: Wire) -> bytes:
        frames = self._encoded.get(wire)
        if frames is None:
            frames = b"".join([wire.event(entry.cursor, entry.record) for entry in self.entries])
            self._encoded[wire] = frames
        return frames


class Reader:
    """Takes batches in the hub's loop, never blocks it, and holds at most `limit` bytes that nobody takes.

    It gets an entry only if that follows its cursor. Lower ones are dropped; anything else sends it back to catch up,
    and what comes meanwhile waits in `_pending`.
    """

    __slots__ = (
        "_behind", "_limit", "_out", "_pending", "_ready", "_waiting",
        "cursor", "cut", "document", "ended", "last_push", "leave_at", "on_cut", "wire",
    )  # fmt: skip

    def __init__(
        self, document: UUID, cursor: Cursor | None, wire: Wire, *, limit: int, behind: Callable[["Reader"], None]
    ) -> None:
        self.document = document
        self.cursor = cursor
        self.wire = wire
        self.ended = False
        self.cut = False
        self.on_cut: Callable[[], object] | None = None
        self.last_push = monotonic()
        self.leave_at = float("inf")
        self._limit = limit
        self._behind = behind
        self._out: list[bytes] = []
        self._waiting = 0
        self._ready = asyncio.Event()
        self._pending: list[Batch] | None = []  # it starts behind: the hub catches it up before it is live

    @property
    def is_live(self) -> bool:
        return self._pending is None

    def offer(self, batch: Batch) -> None:
        """Takes the batch, as far as it follows."""
        if self.ended:
            return
        if self._pending is not None:
            self._pending.append(batch)
        elif batch.plain and self.cursor and batch.first == (self.cursor.attempt, self.cursor.seq + 1):
            self.cursor = batch.last
            self._push(batch.encoded(self.wire))
        elif not all(self._accept(entry) for entry in batch.entries):
            self.fall_behind()

    def fall_behind(self) -> None:
        """Has the hub catch this reader up."""
        if not self.ended and self._pending is None:
            self._pending = []
            self._behind(self)

    def resume(self, caught: CatchUp) -> None:
        """Takes what a catch-up gave, then what came meanwhile."""
        if self.ended:
            return
        for cursor, record in caught.steps:
            # a snapshot and an ending may be larger than the bound, or they could never be read
            is_free = record.type == "snapshot" or (cursor is not None and cursor.is_ending)
            self._push(self.wire.event(cursor, record), bounded=not is_free)
            self.cursor = cursor or self.cursor
        pending, self._pending = self._pending or [], None
        if caught.ended:
            self._end()
        for batch in pending:
            if self._pending is not None:  # behind again: the next catch-up reads what is left of them
                break
            self.offer(batch)

    def send(self, record: Record) -> None:
        """Queues an event that has no place in the log."""
        if not self.ended:
            self._push(self.wire.event(None, record))

    def end_with(self, record: Record) -> None:
        """Queues the stream's last event."""
        self.send(record)
        self._end()

    def leave(self, retry_ms: int) -> None:
        """Ends the connection, not the stream: the client is to come back with its cursor."""
        if not self.ended:
            self._push(self.wire.farewell(retry_ms))
            self._end()

    async def take(self) -> bytes:
        """All that waits, as soon as there is something; b"" when nothing will come any more."""
        if not self._out and not self.ended:
            self._ready.clear()
            await self._ready.wait()
        frames = b"".join(self._out)
        self._out.clear()
        self._waiting = 0
        return frames

    def _accept(self, entry: Entry) -> bool:
        cursor, record = entry
        if self.cursor is None:
            return False
        if cursor <= self.cursor or self.ended:
            return True
        if cursor.is_ending:
            if cursor.attempt != self.cursor.attempt or record.after != self.cursor.seq:
                return False
        elif not cursor.follows(self.cursor):
            return False
        if cursor.attempt != self.cursor.attempt:
            self.send(NEW_ATTEMPT)
        self._push(self.wire.event(cursor, record), bounded=not cursor.is_ending)
        self.cursor = cursor
        if cursor.is_ending:
            self._end()
        return True

    def _push(self, frame: bytes, *, bounded: bool = True) -> None:
        self._out.append(frame)
        self.last_push = monotonic()
        if bounded:
            self._waiting += len(frame)
            if self._waiting > self._limit:
                self._cut()
                return
        self._ready.set()

    def _end(self) -> None:
        self.ended = True
        self._ready.set()

    def _cut(self) -> None:
        """Gives up on a client that does not keep up; it has a cursor to come back with."""
        self._out.clear()
        self.cut = True
        self._end()
        if self.on_cut:
            self.on_cut()
