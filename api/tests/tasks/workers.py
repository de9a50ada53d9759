"""Workers, generators and rows for the tests of what workers do."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from redis.asyncio import Redis
from sqlalchemy import Row, text

from app.core.db import Database
from app.core.ids import new_id
from app.generators.base import Generator, Piece
from app.settings import StreamSettings, TaskSettings
from app.streams.cursor import Cursor
from app.streams.log import Entry, EventLog
from app.streams.writer import Flusher
from app.tasks.leases import Leases
from app.tasks.runner import Runner

LEASE = timedelta(milliseconds=600)
SETTINGS = TaskSettings(
    lease=LEASE,
    lease_extend=LEASE / 3,
    poll=timedelta(milliseconds=100),
    cancel_check=timedelta(milliseconds=100),
    sweep=timedelta(milliseconds=100),
    checkpoint=timedelta(milliseconds=200),
    max_attempts=3,
)


class Script:
    """A generator that writes what the test feeds it, and says when it was ended."""

    def __init__(self, *pieces: str | Exception, goes_on: bool = False) -> None:
        self._pieces = pieces
        self._goes_on = goes_on
        self.more: asyncio.Queue[str] = asyncio.Queue()
        self.starts = 0
        self.ends = 0

    async def stream(self, prompt: str, *, max_tokens: int) -> AsyncGenerator[Piece]:  # noqa: ARG002
        self.starts += 1
        try:
            for piece in self._pieces:
                if isinstance(piece, Exception):
                    raise piece
                yield Piece(piece)
            while self._goes_on:
                yield Piece(await self.more.get())
        finally:
            self.ends += 1


class Desk:
    """One user's tasks in the real stores, and workers for them that see no other test's rows."""

    def __init__(self, db: Database, valkey: Redis, owner: UUID) -> None:
        self.db = db
        self.log = EventLog(valkey, timedelta(minutes=1))
        self.owner = owner

    async def execute(self, sql: str, **values: Any) -> Sequence[Row[Any]]:
        async with self.db.autocommit() as connection:
            result = await connection.execute(text(sql), values)
            return result.all() if result.returns_rows else []

    async def task(self, prompt: str = "A seed library with lending") -> UUID:
        """A queued task."""
        task_id = new_id()
        await self.execute(
            """
            INSERT INTO tasks (id, owner_id, kind, prompt, fingerprint)
            VALUES (:id, :owner, 'project_plan', :prompt, '')
            """,
            id=task_id,
            owner=self.owner,
            prompt=prompt,
        )
        return task_id

    async def row(self, task_id: UUID) -> Row[Any]:
        [row] = await self.execute("SELECT * FROM tasks WHERE id = :id", id=task_id)
        return row

    async def row_when(self, task_id: UUID, condition: Callable[[Row[Any]], bool], within: float = 10) -> Row[Any]:
        """The row, as soon as the condition holds."""
        until = monotonic() + within
        while not condition(row := await self.row(task_id)):
            assert monotonic() < until, f"still {row.status}, attempt {row.attempt}, {row.text!r}"
            await asyncio.sleep(0.01)
        return row

    async def finished(self, task_id: UUID) -> Row[Any]:
        return await self.row_when(task_id, lambda row: row.finished_at is not None)

    async def events(self, task_id: UUID) -> list[Entry]:
        return await self.log.after(task_id, Cursor(0, 0), 10_000)

    async def events_when(self, task_id: UUID, condition: Callable[[list[Entry]], bool]) -> list[Entry]:
        until = monotonic() + 10
        while not condition(entries := await self.events(task_id)):
            assert monotonic() < until, entries
            await asyncio.sleep(0.01)
        return entries

    async def feed(self) -> list[tuple[int, str, int]]:
        rows = await self.execute(
            "SELECT seq, type, attempt FROM feed WHERE user_id = :user ORDER BY seq", user=self.owner
        )
        return [(row.seq, row.type, row.attempt) for row in rows]

    def leases(self, name: str = "a", settings: TaskSettings = SETTINGS) -> Leases:
        return Leases(self.db, settings, worker=name)

    @asynccontextmanager
    async def worker(
        self, generator: Generator, name: str = "a", settings: TaskSettings = SETTINGS
    ) -> AsyncIterator[Runner]:
        """A running worker; leaving the context kills it: nothing is handed back."""
        leases = self.leases(name, settings)
        runner = Runner(leases, Flusher(self.log, StreamSettings(), leases.confirm), generator, settings)
        running = asyncio.create_task(runner.run())
        try:
            yield runner
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
