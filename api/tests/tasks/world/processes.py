"""Worker processes whose connections a test holds, cuts, and robs of their answers."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import ConnectionError as Lost
from sqlalchemy import Row

from app.core.db import Database
from app.generators.base import Piece
from app.settings import StreamSettings, TaskSettings
from app.streams.log import Answer, Append, EventLog
from app.streams.writer import Flusher, LogWriter
from app.tasks.leases import Leases
from app.tasks.runner import Runner

T = TypeVar("T")

_BY_HAND = timedelta(hours=1)
TASKS = TaskSettings(
    lease=timedelta(seconds=2),  # short: no lease is judged until one lease after the database's start
    lease_extend=_BY_HAND,
    poll=_BY_HAND,
    cancel_check=_BY_HAND,
    checkpoint=_BY_HAND,
    max_attempts=6,
)
STREAMS = StreamSettings(
    flush_interval=timedelta(milliseconds=1),
    coalesce=timedelta(milliseconds=1),
    row_check=timedelta(milliseconds=40),
    heartbeat=timedelta(milliseconds=100),
    replay_limit=5,
)


class Wire:
    """What lies between a process and a store."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self.heal()

    def hold(self) -> None:
        """What is sent from now on arrives when the wire is healed, however late that is."""
        self._open.clear()

    def heal(self) -> None:
        self.lost_requests = self.lost_answers = 0
        self._open.set()

    async def has_stumbled(self) -> bool:
        return not self.lost_answers

    async def carry(self, call: Callable[[], Awaitable[T]], *, matters: bool = True) -> T:
        await self._open.wait()
        if not matters:
            return await call()
        if self.lost_requests:
            self.lost_requests -= 1
            raise Lost("the request was lost")
        answer = await call()
        if self.lost_answers:
            self.lost_answers -= 1
            raise Lost("the answer was lost")
        return answer


class WiredLog(EventLog):
    """The log at the end of a wire."""

    def __init__(self, redis: Redis, wire: Wire) -> None:
        super().__init__(redis, timedelta(minutes=1))
        self._wire = wire

    async def append(self, *appends: Append) -> list[Answer]:
        call = super().append
        return await self._wire.carry(lambda: call(*appends), matters=any(append.records for append in appends))


class WiredLeases(Leases):
    """The rows at the end of a wire."""

    def __init__(self, db: Database, name: str, wire: Wire) -> None:
        super().__init__(db, TASKS, worker=name)
        self._wire = wire

    async def _execute(self, sql: str, **values: Any) -> Sequence[Row[Any]]:
        call = super()._execute
        return await self._wire.carry(lambda: call(sql, **values))


class Pen:
    """A generator that writes what the steps say, until they end it."""

    def __init__(self) -> None:
        self._paper: asyncio.Queue[str | None] = asyncio.Queue()

    def write(self, text: str) -> None:
        self._paper.put_nowait(text)

    def stop(self) -> None:
        self._paper.put_nowait(None)

    async def stream(self, prompt: str, *, max_tokens: int) -> AsyncGenerator[Piece]:  # noqa: ARG002
        while (text := await self._paper.get()) is not None:
            yield Piece(text)


class _Keeper(Flusher):
    """Shows the records of every attempt to the model."""

    def __init__(self, log: EventLog, leases: Leases, keep: Callable[[LogWriter], object]) -> None:
        super().__init__(log, STREAMS, leases.confirm)
        self._keep = keep

    def open(self, document: UUID, attempt: int, on_fenced: Callable[[], object]) -> LogWriter:
        writer = super().open(document, attempt, on_fenced)
        self._keep(writer)
        return writer


class Worker:
    """A whole worker process but for Celery; its clockwork is the test's."""

    def __init__(self, db: Database, store: Redis, name: str, keep: Callable[[LogWriter], object]) -> None:
        self.to_log, self.to_rows = Wire(), Wire()
        self.pen = Pen()
        leases = WiredLeases(db, name, self.to_rows)
        self.flusher = _Keeper(WiredLog(store, self.to_log), leases, keep)
        self.runner = Runner(leases, self.flusher, self.pen, TASKS)
        self._running = asyncio.create_task(self.runner.run())
        self._asked: set[asyncio.Task[None]] = set()

    def runs(self, task: UUID, attempt: int) -> bool:
        run = self.runner._runs.get(task)
        return run is not None and run.claim.attempt == attempt and not run._is_stopped

    def do(self, job: Callable[[], Awaitable[object]]) -> None:
        """Starts what the worker's clock would: it may be held, and its failures are the clock's to log."""

        async def quietly() -> None:
            with suppress(Lost, OSError):
                await job()

        asked = asyncio.create_task(quietly())
        self._asked.add(asked)
        asked.add_done_callback(self._asked.discard)

    def heal(self) -> None:
        self.to_log.heal()
        self.to_rows.heal()

    async def kill(self) -> None:
        """SIGKILL: what was held never arrives."""
        for task in (*self._asked, self._running):
            task.cancel()
        await asyncio.gather(*self._asked, self._running, return_exceptions=True)
