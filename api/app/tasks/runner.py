"""A worker process's side of the tasks: one event loop that claims, runs, checkpoints, renews and sweeps."""

import asyncio
from uuid import UUID

import structlog

from app.core.aio import every, heed_cancel, wait_until
from app.generators.base import Generator
from app.settings import TaskSettings
from app.streams.writer import Flusher
from app.tasks.leases import Claim, Leases
from app.tasks.run import Run

log = structlog.get_logger(__name__)

_DRAIN = 2.0
_LAST_CLAIM = 1.0


class Runner:
    """Holds up to `worker_capacity` running attempts. Being full of them delays nothing else."""

    def __init__(self, leases: Leases, flusher: Flusher, generator: Generator, settings: TaskSettings) -> None:
        self._leases = leases
        self._flusher = flusher
        self._generator = generator
        self._settings = settings
        self._runs: dict[UUID, Run] = {}
        self._jobs: set[asyncio.Task[None]] = set()
        self._group: asyncio.TaskGroup
        self._claiming: asyncio.Task[None] | None = None
        self._doorbell = asyncio.Event()
        self._doorbell.set()  # there may be work from before
        self._draining = False

    def ring(self) -> None:
        """There may be work. To be called in the runner's loop."""
        self._doorbell.set()

    async def run(self) -> None:
        """Works until it is cancelled: then nothing is handed back."""
        settings = self._settings
        async with asyncio.TaskGroup() as group:
            self._group = group
            self._claiming = group.create_task(self._claim_forever())
            group.create_task(every(settings.checkpoint / 2, self._checkpoint))
            group.create_task(every(settings.cancel_check, self._stop_lost))
            group.create_task(every(settings.lease_extend, self._extend))
            group.create_task(self._flusher.run())

    async def drain(self) -> None:
        """Hands the running attempts back: other workers claim them at once."""
        self._draining = True
        self._doorbell.set()
        if self._claiming:  # what it is just claiming is to be handed back, too
            await asyncio.wait({self._claiming}, timeout=_LAST_CLAIM)
        claims = [run.claim for run in self._runs.values()]
        for run in list(self._runs.values()):
            run.stop()
        if claims:
            await self._leases.hand_back(claims)
            log.info("handed back", tasks=len(claims))
        if self._jobs:
            await asyncio.wait(self._jobs, timeout=_DRAIN)

    async def _claim_forever(self) -> None:
        while not self._draining:
            heed_cancel()
            await wait_until(self._doorbell, self._settings.poll.total_seconds())
            self._doorbell.clear()
            room = self._settings.worker_capacity - len(self._runs)
            if room <= 0 or self._draining:
                continue
            try:
                claims = await self._leases.claim(room)
            except Exception as error:
                log.warning("nothing can be claimed", error=repr(error))
                continue
            if len(claims) == room:
                self._doorbell.set()  # there may be more, and room for it by now
            for claim in claims:
                self._start(claim)

    def _start(self, claim: Claim) -> None:
        if before := self._runs.get(claim.id):
            before.stop()  # our own older attempt: its lease ran out while we could not renew it
        run = Run(
            claim,
            leases=self._leases,
            flusher=self._flusher,
            generator=self._generator,
            max_tokens=self._settings.max_tokens,
        )
        self._runs[claim.id] = run
        job = self._group.create_task(run.execute())
        self._jobs.add(job)
        job.add_done_callback(lambda done: self._ended(run, done))

    def _ended(self, run: Run, job: asyncio.Task[None]) -> None:
        self._jobs.discard(job)
        if self._runs.get(run.claim.id) is run:
            del self._runs[run.claim.id]
        if len(self._runs) == self._settings.worker_capacity - 1:
            self._doorbell.set()  # there may be more than there was room for

    async def _checkpoint(self) -> None:
        checkpoints = {run: checkpoint for run in self._runs.values() if (checkpoint := run.checkpoint())}
        if not checkpoints:
            return
        stored = await self._leases.checkpoint(list(checkpoints.values()))
        for run, checkpoint in checkpoints.items():
            if checkpoint.task_id in stored:
                run.checked = checkpoint.seq

    async def _extend(self) -> None:
        if self._runs:
            await self._leases.extend([run.claim for run in self._runs.values()])

    async def _stop_lost(self) -> None:
        """Stops what was cancelled, deleted, or claimed by somebody else."""
        runs = [run for run in self._runs.values() if not run.is_finishing]
        if not runs:
            return
        kept = await self._leases.still_ours([run.claim for run in runs])
        for run in runs:
            if run.claim.id not in kept and not run.is_finishing:
                run.stop()
