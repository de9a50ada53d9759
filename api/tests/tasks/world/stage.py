"""What the steps work on: a task, its workers, its watchers and two API processes' hubs."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any
from uuid import UUID

from redis.asyncio import Redis
from sqlalchemy import Row

from app.core.caller import Caller
from app.streams.cursor import Cursor
from app.streams.hub import Hub
from app.tasks import announce
from app.tasks.watch import TaskSource
from tests.tasks.workers import Desk
from tests.tasks.world.model import Truth, Watcher
from tests.tasks.world.processes import Worker

_WITHIN = 3.0  # for what CONTRACT has nobody wait for


class Stage:
    """The row is looked at after every step: it only goes forward, and its text is that of its cursor."""

    def __init__(self, task: UUID, desk: Desk, caller: Caller, store: Redis, hubs: list[Hub]) -> None:
        self.task = task
        self.desk = desk
        self.caller = caller
        self.store = store
        self.hubs = hubs
        self.source = TaskSource(desk.db)
        self.truth = Truth(task)
        self.workers: list[Worker] = []
        self.watchers: list[Watcher] = []
        self.started = 0
        self._row: Cursor | None = Cursor(0, 0)

    async def check(self) -> None:
        for watcher in self.watchers:
            watcher.check()
        row = await self.row()
        if row is None:
            assert self.truth.is_deleted
            return
        cursor = Cursor(row.attempt, row.cursor_seq)
        assert self._row is None or cursor >= self._row, f"the row fell from {self._row} to {cursor}"
        self._row = cursor
        if not cursor.is_ending:
            assert row.text == self.truth.text_at(cursor), f"a text that is not that of {cursor}"
        elif row.status == "completed":
            writer = self.truth.attempts[row.attempt]
            assert row.text == self.truth.text_at(writer.last), "a completed text that is not whole"

    async def end(self) -> None:
        for watcher in self.watchers:
            if watcher._following:
                watcher._following.cancel()
        for worker in self.workers:
            await worker.kill()
        if announce._running:
            await asyncio.wait(set(announce._running))
        await self.desk.execute("DELETE FROM tasks WHERE id = :id", id=self.task)

    async def _connect(self, watcher: Watcher, n: int) -> None:
        row = (await self.source.cursors([self.task])).get(self.task)
        watcher.connect(self.hubs[n % 2], row)

    async def _all(self, watchers: list[Watcher], condition: Callable[[Watcher], bool]) -> None:
        until = monotonic() + _WITHIN
        while not all(condition(watcher) for watcher in watchers):
            assert monotonic() < until, [
                (str(watcher.cursor), watcher.types) for watcher in watchers if not condition(watcher)
            ]
            await asyncio.sleep(0.002)
            for number, watcher in enumerate(watchers):
                await self._connect(watcher, number)

    async def row(self) -> Row[Any] | None:
        rows = await self.desk.execute("SELECT * FROM tasks WHERE id = :id", id=self.task)
        return rows[0] if rows else None

    async def _is_finished(self) -> bool:
        row = await self.row()
        return row is None or row.finished_at is not None

    async def _is_due(self) -> bool:
        due = "status = 'queued' OR (status = 'running' AND lease_until < now())"
        return bool(await self.desk.execute(f"SELECT FROM tasks WHERE id = :id AND ({due})", id=self.task))

    async def _attempt_is_above(self, attempt: int) -> bool:
        row = await self.row()
        return row is None or row.attempt > attempt

    async def _until(self, condition: Callable[[], Awaitable[bool]], within: float) -> None:
        until = monotonic() + within
        while not await condition() and monotonic() < until:  # noqa: ASYNC110 - a row tells nobody
            await asyncio.sleep(0.001)

    async def _clock(self, n: int, job: Callable[[Worker], Callable[[], Awaitable[object]]]) -> None:
        if worker := self._worker(n):
            worker.do(job(worker))
            await asyncio.sleep(0.003)

    def _worker(self, n: int) -> Worker | None:
        return self.workers[n % len(self.workers)] if self.workers else None

    def _start(self) -> Worker:
        self.started += 1
        worker = Worker(self.desk.db, self.store, f"worker-{self.started}", self.truth.keep)
        self.workers.append(worker)
        return worker
