"""The steps that may come in any order."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from app.core.errors import NotFound
from app.streams.cursor import Cursor
from app.streams.log import key_of
from app.tasks import announce, service
from app.tasks.errors import AlreadyFinished
from app.tasks.sweeper import Sweeper
from tests.tasks.world.model import Watcher
from tests.tasks.world.processes import TASKS, Wire, WiredLog, Worker
from tests.tasks.world.stage import Stage


class World(Stage):
    """Each step is one thing that happens; where it can't happen now, nothing does. `n` (0 to 7) says which and how."""

    async def step(self, name: str, n: int) -> None:
        step: Callable[[int], Awaitable[None]] = getattr(self, name)
        await step(n)
        await self.check()

    # -- workers

    async def ring(self, n: int) -> None:
        """A worker is rung, a new one where there is none: it claims what is due."""
        worker = self._worker(n) or self._start()
        before = await self.row()
        worker.runner.ring()
        if before and await self._is_due():
            # held or robbed of its answer it may get nothing
            await self._until(lambda: self._attempt_is_above(before.attempt), within=0.03)

    async def start(self, _: int) -> None:
        """One worker more; it looks for work by itself."""
        if len(self.workers) < 3:
            self._start()
            await asyncio.sleep(0.005)

    async def write(self, n: int) -> None:
        if worker := (await self._working() if n % 2 else self._worker(n)):
            for number in range(1 + n // 2):
                worker.pen.write(f"{self.started}.{number} {'🌱' * (n % 3)} ")
            self.started += 1
            await asyncio.sleep(0)

    async def finish(self, n: int) -> None:
        """The generator comes to its end."""
        if worker := self._worker(n):
            worker.pen.stop()
            await asyncio.sleep(0)

    async def checkpoint(self, n: int) -> None:
        await self._clock(n, lambda worker: worker.runner._checkpoint)

    async def look(self, n: int) -> None:
        """A worker looks whether its attempts are still its own."""
        await self._clock(n, lambda worker: worker.runner._stop_lost)

    async def extend(self, n: int) -> None:
        await self._clock(n, lambda worker: worker.runner._extend)

    async def hold(self, n: int) -> None:
        """A worker stands still towards log, rows or both: after a takeover it is a zombie."""
        if worker := self._worker(n):
            if n % 3 != 1:
                worker.to_log.hold()
            if n % 3 != 2:
                worker.to_rows.hold()

    async def heal(self, n: int) -> None:
        if worker := self._worker(n):
            worker.heal()
            await asyncio.sleep(0.002)

    async def lose_request(self, n: int) -> None:
        if worker := self._worker(n):
            (worker.to_log if n % 2 else worker.to_rows).lost_requests += 1

    async def lose_answer(self, n: int) -> None:
        if worker := self._worker(n):
            (worker.to_log if n % 2 else worker.to_rows).lost_answers += 1

    async def stumble(self, n: int) -> None:
        """The store has an append whose answer is lost, and more is written before it is repeated."""
        if worker := await self._working():
            worker.to_log.lost_answers = 1
            await self.write(1)
            await self._until(worker.to_log.has_stumbled, within=0.2)
            await self.write(n | 1)

    async def kill(self, n: int) -> None:
        if worker := self._worker(n):
            self.workers.remove(worker)
            await worker.kill()

    async def drain(self, n: int) -> None:
        if worker := self._worker(n):
            self.workers.remove(worker)
            worker.heal()
            await worker.runner.drain()
            await worker.kill()

    async def expire(self, _: int) -> None:
        await self.desk.execute(
            "UPDATE tasks SET lease_until = now() - interval '1 s' WHERE id = :id AND status = 'running'", id=self.task
        )

    async def sweep(self, n: int) -> None:
        wire = Wire()
        wire.lost_requests = n % 2
        await Sweeper(self.desk.leases("beat", TASKS), WiredLog(self.store, wire), TASKS).sweep()

    # -- the store

    async def lose_tail(self, n: int) -> None:
        """The store restarts without its last entries: the log is there again, up to a lower id."""
        key = key_of(self.task)
        entries: Any = await self.store.xrange(key)
        async with self.store.pipeline(transaction=True) as pipeline:
            for command in [("DEL", key), *(("XADD", key, at, *sum(f.items(), ())) for at, f in entries[: -1 - n])]:
                pipeline.execute_command(*command)
            await pipeline.execute()
        if n % 2:
            await self.write(1)  # before the worker's next look finds it

    async def flush(self, n: int) -> None:
        """Everything is lost, or only this log, which aged out."""
        await (self.store.flushdb() if n % 2 else self.store.pexpire(key_of(self.task), 1))

    async def disconnect(self, n: int) -> None:
        """An API process loses its connections to the store."""
        hub = self.hubs[n % 2]
        for client in {hub._tail, hub._commands}:
            await client.connection_pool.disconnect(inuse_connections=True)

    # -- the owner

    async def cancel(self, n: int) -> None:
        try:
            async with self.desk.db.transaction() as tx:
                row = await service.cancel(tx, caller=self.caller, task_id=self.task)
        except (AlreadyFinished, NotFound):
            return
        if n % 2:  # else the process died before it could tell the log
            announce.ending(self.desk.log, row)

    async def delete(self, n: int) -> None:
        self.truth.is_deleted = True
        try:
            async with self.desk.db.transaction() as tx:
                await service.delete(tx, caller=self.caller, task_id=self.task)
        except NotFound:
            return
        if n % 2:
            announce.deletion(self.desk.log, self.task)

    # -- those who watch

    async def join(self, n: int) -> None:
        """A new tab: without a cursor, or with one that somebody else was given."""
        if len(self.watchers) >= 6:
            return
        watcher = Watcher(self.truth)
        if n >= 4 and self.truth.known:
            watcher.cursor, watcher.text = self.truth.known[(n - 4) * (len(self.truth.known) - 1) // 3]
        self.watchers.append(watcher)
        await self._connect(watcher, n)

    async def join_from_a_lost_future(self, n: int) -> None:
        """A tab whose cursor the database can't know: it was restored."""
        if len(self.watchers) < 6 and not self.truth.is_deleted and not await self._is_finished():
            watcher = Watcher(self.truth, expects_loss=True)
            watcher.cursor, watcher.text = Cursor(1_000 + n, n), "from the future"
            self.watchers.append(watcher)
            await self._connect(watcher, n)

    async def drop(self, n: int) -> None:
        if self.watchers:
            await self.watchers[n % len(self.watchers)].drop()

    async def cut(self, n: int) -> None:
        """A connection breaks after the next few events."""
        if self.watchers:
            self.watchers[n % len(self.watchers)].events_to_cut = 1 + n // 2

    async def resume(self, n: int) -> None:
        """Every tab that is not connected comes back, at either process."""
        for number, watcher in enumerate(self.watchers):
            await self._connect(watcher, number + n)

    async def breathe(self, n: int) -> None:
        await asyncio.sleep(0.002 * (n + 1))

    async def sync(self, n: int) -> None:
        """While a worker is well, whoever is connected is soon where it is."""
        if n % 2:
            await self.resume(n)
        worker = await self._working()
        row = await self.row()
        if worker and row and row.status == "running":
            worker.heal()
            connected = [watcher for watcher in self.watchers if watcher.is_connected and not watcher.events_to_cut]
            await self._all(connected, partial(_is_at, self.truth.attempts[row.attempt].last))

    async def _working(self) -> Worker | None:
        """The worker that has the task; if it is nobody's, it is somebody's now."""
        for _ in range(2):
            row = await self.row()
            for worker in self.workers:
                if row and row.status == "running" and worker.runs(self.task, row.attempt):
                    return worker
            await self.expire(0)
            await self.heal(0)
            await self.ring(0)
        return None

    async def settle(self) -> None:
        """Everything is repaired and the task runs to its end: every tab has one ending, and the row's text."""
        for worker in self.workers:
            worker.heal()
        async with asyncio.timeout(10):
            while not await self._is_finished():
                await self._come_to_an_end()
        row = await self.row()
        for cursor, text in self.truth.known[:: 1 + len(self.truth.known) // 4]:
            late = Watcher(self.truth)
            late.cursor, late.text = cursor, text
            self.watchers.append(late)
        self.watchers.append(Watcher(self.truth))
        for watcher in self.watchers:
            watcher.events_to_cut = 0
        await self.resume(0)
        await self._all(self.watchers, lambda watcher: watcher.is_over)

        for watcher in self.watchers:
            endings = [kind for kind in watcher.types if kind in {"task_finished", "task_missing"}]
            assert len(endings) <= 1, watcher.types
            if row:
                assert watcher.text == row.text, watcher.types
        self.truth.check_log(await self.desk.events(self.task))

    async def _come_to_an_end(self) -> None:
        await self.expire(0)
        await self.sweep(0)
        if not self.workers:
            self._start()
        worker = self.workers[-1]
        await self.ring(len(self.workers) - 1)
        row = await self.row()
        if row and row.status == "running" and worker.runs(self.task, row.attempt):
            worker.pen.write("the end")
            worker.pen.stop()
            await self._until(self._is_finished, within=0.5)


def _is_at(cursor: Cursor, watcher: Watcher) -> bool:
    return watcher.is_over or (watcher.cursor is not None and watcher.cursor >= cursor)
