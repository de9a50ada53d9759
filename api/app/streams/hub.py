"""The hub: one reader of the event log a process, which serves all its clients.

One XREAD covers every watched log. The rows are asked about logs that are silent, and about all of them
after the store was away, since no ending depends on the log.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.core.aio import heed_cancel
from app.core.caller import Caller, HasEnded
from app.project import SLUG
from app.settings import StreamSettings
from app.streams.catch_up import CatchUp, catch_up
from app.streams.connection import Close, Connection
from app.streams.connections import Connections
from app.streams.cursor import Cursor
from app.streams.log import EventLog, entries, key_of
from app.streams.reader import Batch, Reader
from app.streams.source import Source
from app.streams.wire import Wire

log = structlog.get_logger(__name__)

Fields = dict[bytes, bytes]

_BLOCK_MS = 1_000
_STALE_AFTER = 10.0
_CATCH_UPS_AT_ONCE = 32
_RETRY_BEHIND = 0.2
_ROWS_WITHIN = 2.0


class Watch:
    """A document's readers, how far the hub has read its log, and when it last heard of it."""

    __slots__ = ("at", "heard", "readers")

    def __init__(self) -> None:
        self.readers: set[Reader] = set()
        self.at: Cursor | None = None  # not read yet
        self.heard = monotonic()


class Hub:
    """Serves readers from one connection for blocking reads and one for everything else.

    `tail` must have a socket timeout above a second, the longest that a read blocks.
    """

    def __init__(
        self,
        tail: Redis,
        commands: Redis,
        source: Source,
        settings: StreamSettings,
        has_ended: HasEnded = lambda _: False,
    ) -> None:
        self._tail = tail
        self._commands = commands
        self._log = EventLog(commands, settings.log_ttl)
        self._source = source
        self._settings = settings
        self._watches: dict[UUID, Watch] = {}
        self._control = f"{SLUG}:hub:{uuid4()}"
        self._wake = asyncio.Event()
        self._slots = asyncio.Semaphore(_CATCH_UPS_AT_ONCE)
        self._jobs: set[asyncio.Task[None]] = set()
        self._store_is_away = False
        self._vouched_at = monotonic()
        self._listeners: dict[str, Callable[[Fields], None]] = {}
        self._heard_at: dict[str, str] = {}
        self.listen(self._control, lambda _: None)
        self.connections = Connections(settings, lambda: self.is_well, has_ended)

    @property
    def is_well(self) -> bool:
        """Whether the log or the rows were read in the last 10 s: what a heartbeat vouches for."""
        return monotonic() - self._vouched_at < _STALE_AFTER

    @property
    def is_draining(self) -> bool:
        return self.connections.is_draining

    async def run(self) -> None:
        """Reads until it is cancelled. It handles every outage itself: an exception is a defect."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._read())
            group.create_task(self._ask())
            group.create_task(self._ring())
            group.create_task(self.connections.look())

    @asynccontextmanager
    async def reader(
        self, document: UUID, cursor: Cursor | None, wire: Wire, *, caller: Caller | None = None
    ) -> AsyncIterator[Reader]:
        """A reader of `document` after `cursor` on a connection of its own, while the context lasts."""
        with self.connections.open(wire, caller) as connection:
            connection.owes_its_first = cursor is None
            reader = self.add(document, cursor, wire, connection, on_end=partial(connection.end, Close.DONE))
            try:
                yield reader
            finally:
                self.remove(reader)

    def add(
        self,
        document: UUID,
        cursor: Cursor | None,
        wire: Wire,
        connection: Connection,
        *,
        on_end: Callable[[], object],
        on_start: Callable[[], object] | None = None,
    ) -> Reader:
        """A reader of `document` after `cursor`, until it is removed."""
        reader = Reader(document, cursor, wire, connection, self._catch_up)
        reader.on_start, reader.on_end = on_start, on_end
        self._watches.setdefault(document, Watch()).readers.add(reader)
        self._catch_up(reader)
        return reader

    def remove(self, reader: Reader) -> None:
        """Forgets a reader; doing so twice is right."""
        reader.ended = True
        if watch := self._watches.get(reader.document):
            watch.readers.discard(reader)
            if not watch.readers:
                del self._watches[reader.document]

    def drain(self) -> None:
        """Ends every connection cleanly."""
        self.connections.drain()

    def listen(self, key: str, heard: Callable[[Fields], None]) -> None:
        """Has the one blocking read cover another stream; `heard` gets the fields of each of its entries."""
        self._listeners[key] = heard
        self._heard_at[key] = "0-0"

    async def _read(self) -> None:
        pause = 0.1
        while True:
            heed_cancel()
            sent = {key_of(document): (watch, at) for document, watch in self._watches.items() if (at := watch.at)}
            streams: dict[Any, Any] = {key: str(at) for key, (_, at) in sent.items()} | self._heard_at
            try:
                reply: Any = await self._tail.xread(streams, block=_BLOCK_MS)
            except (RedisError, OSError) as error:
                log.warning("valkey is away", error=str(error) or type(error).__name__)
                self._store_is_away = True
                await asyncio.sleep(pause)
                pause = min(2 * pause, 1.0)
                continue
            self._vouched_at, pause = monotonic(), 0.1
            if self._store_is_away:
                self._store_is_away = False
                for watch in self._watches.values():
                    watch.heard = 0.0  # asks the rows about everything
            for raw_key, raw in reply or ():
                key = raw_key.decode()
                if heard := self._listeners.get(key):
                    self._heard_at[key] = raw[-1][0].decode()
                    for _, fields in raw:
                        heard(fields)
                else:
                    watch, at = sent[key]
                    self._deliver(watch, at, Batch(entries(raw)))
            if reply:
                # what comes within a few milliseconds goes out in one frame; measured nine times cheaper an event
                await asyncio.sleep(self._settings.coalesce.total_seconds())

    def _deliver(self, watch: Watch, at: Cursor, batch: Batch) -> None:
        # an ending and a tombstone are in the row, too: it is asked at once about readers that could not take them
        watch.heard = 0.0 if batch.last.is_ending else monotonic()
        if watch.at == at:  # else a reader has just taken it back
            watch.at = batch.last
        for reader in tuple(watch.readers):
            reader.offer(batch)

    async def _ask(self) -> None:
        """Asks the rows about silent logs, and whether they answer when the log does not."""
        while True:
            heed_cancel()
            await asyncio.sleep(self._settings.row_check.total_seconds() / 4)
            now = monotonic()
            silent = {
                document: watch
                for document, watch in self._watches.items()
                if now - watch.heard >= self._settings.row_check.total_seconds()
            }
            if silent or not self.is_well:
                await self._ask_rows(silent)

    async def _ask_rows(self, silent: dict[UUID, Watch]) -> None:
        try:
            async with asyncio.timeout(_ROWS_WITHIN):
                rows = await self._source.cursors(silent)
        except Exception as error:  # whatever it is, the log goes on and the rows are asked again
            log.warning("the rows can't be read", error=str(error) or type(error).__name__)
            return
        self._vouched_at = now = monotonic()
        for document, watch in silent.items():
            watch.heard = now
            row = rows.get(document)
            for reader in tuple(watch.readers):
                if row is None:
                    reader.end_with(self._source.missing(document))
                elif reader.cursor is not None and row > reader.cursor:
                    reader.fall_behind()

    def _catch_up(self, reader: Reader) -> None:
        # a task of the hub's: a client that goes must not cancel a command in the middle of its reply
        self._spawn(self._bring_up(reader))

    async def _bring_up(self, reader: Reader) -> None:
        connection = reader.connection
        async with connection.turn():
            await connection.room()
            async with self._slots:
                reader.gather()
                caught = await self._caught_up(reader)
            if caught.steps or caught.ended or reader.on_start:
                reader.resume(caught)
                self._read_from(reader)
                return
        await asyncio.sleep(_RETRY_BEHIND)  # it waits for a repair: not in a busy loop
        reader.resume(caught)
        self._read_from(reader)

    async def _caught_up(self, reader: Reader) -> CatchUp:
        limit = self._settings.replay_limit
        while not reader.is_over:
            event_log = None if self._store_is_away else self._log
            try:
                return await catch_up(event_log, self._source, reader.document, reader.cursor, replay_limit=limit)
            except RedisError:
                self._store_is_away = True
            except Exception as error:
                log.warning("catching up failed", document=str(reader.document), error=repr(error))
                await asyncio.sleep(_RETRY_BEHIND)
        return CatchUp([])

    def _read_from(self, reader: Reader) -> None:
        """Has the hub read the reader's log from its cursor on, so that nothing between catch-up and now is missed."""
        watch = self._watches.get(reader.document)
        if watch and reader.cursor and not reader.ended and (watch.at is None or reader.cursor < watch.at):
            watch.at = reader.cursor
            self._wake.set()

    async def _ring(self) -> None:
        """Ends the blocking read when it is to cover another log."""
        while True:
            heed_cancel()
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._commands.xadd(self._control, {"w": "1"}, maxlen=1, approximate=False)
                await self._commands.expire(self._control, 60)
            except (RedisError, OSError):
                await asyncio.sleep(0.1)  # the read does not block longer than a second anyway

    def _spawn(self, job: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(job)
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)
