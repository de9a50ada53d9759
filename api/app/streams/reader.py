"""One client's place in one stream."""

from collections.abc import Callable
from uuid import UUID

from app.streams.catch_up import CatchUp
from app.streams.connection import Connection
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
    """Takes batches in the hub's loop and never blocks it.

    It gets an entry only if that follows its cursor. Lower ones are dropped; anything else sends it back to catch up,
    and what comes meanwhile waits in `_pending`. `on_start` is called once, after its first events are queued.
    """

    __slots__ = (
        "_behind", "_gathers", "_pending", "connection", "cursor", "document", "ended", "on_end", "on_start", "wire",
    )  # fmt: skip

    def __init__(
        self,
        document: UUID,
        cursor: Cursor | None,
        wire: Wire,
        connection: Connection,
        behind: Callable[["Reader"], None],
    ) -> None:
        self.document = document
        self.cursor = cursor
        self.wire = wire
        self.connection = connection
        self.ended = False
        self.on_start: Callable[[], object] | None = None
        self.on_end: Callable[[], object] | None = None
        self._behind = behind
        self._gathers = False
        self._pending: list[Batch] | None = []  # it starts behind: the hub catches it up before it is live

    @property
    def is_live(self) -> bool:
        return self._pending is None

    async def take(self) -> bytes:
        """What its connection is to write next."""
        return await self.connection.take()

    @property
    def is_over(self) -> bool:
        """Whether there is nobody left to read."""
        return self.ended or self.connection.closed is not None

    def offer(self, batch: Batch) -> None:
        """Takes the batch, as far as it follows."""
        if self.ended:
            return
        if self._pending is not None:
            if self._gathers:  # else the catch-up that is to come reads it
                self._pending.append(batch)
        elif batch.plain and self.cursor and batch.first == (self.cursor.attempt, self.cursor.seq + 1):
            self.cursor = batch.last
            self.connection.push(batch.encoded(self.wire))
        elif not all(self._accept(entry) for entry in batch.entries):
            self.fall_behind()

    def fall_behind(self) -> None:
        """Has the hub catch this reader up."""
        if not self.ended and self._pending is None:
            self._pending = []
            self._behind(self)

    def gather(self) -> None:
        """A catch-up begins: it may not read what comes from now on."""
        self._gathers = True

    def resume(self, caught: CatchUp) -> None:
        """Takes what a catch-up gave, then what came meanwhile."""
        if self.ended:
            return
        frames = []
        if self.on_start:
            frames.append(self.wire.begin(self.cursor, caught))
        for cursor, record in caught.steps:
            frames.append(self.wire.event(cursor, record))
            self.cursor = cursor or self.cursor
        self.connection.push(b"".join(frames), is_large=True)
        if self.on_start:
            self.on_start()
            self.on_start = None
        pending, self._pending = self._pending or [], None
        self._gathers = False
        if caught.ended:
            self._end()
        for batch in pending:
            if self._pending is not None:  # behind again: the next catch-up reads what is left of them
                break
            self.offer(batch)

    def end_with(self, record: Record) -> None:
        """Queues the stream's last event."""
        if not self.ended and not self.on_start:  # before its start the catch-up says so
            self.connection.push(self.wire.event(None, record))
            self._end()

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
            self.connection.push(self.wire.event(None, NEW_ATTEMPT))
        self.connection.push(self.wire.event(cursor, record), is_large=cursor.is_ending)
        self.cursor = cursor
        if cursor.is_ending:
            self._end()
        return True

    def _end(self) -> None:
        self.ended = True
        if self.on_end:
            self.on_end()
