"""One attempt of one task, from its claim to its ending."""

import asyncio
from contextlib import aclosing
from typing import Any

import structlog

from app.core.aio import heed_cancel
from app.generators.base import Cleaner, Generator, GeneratorError, Plan, clean, plan_of
from app.streams.events import Token, record, utf16_length
from app.streams.writer import Flusher, LogWriter
from app.tasks.events import TaskUpdate
from app.tasks.leases import Checkpoint, Claim, Leases
from app.tasks.schemas import TaskError, TaskStatus
from app.tasks.watch import ending_of

log = structlog.get_logger(__name__)

_FENCE_WITHIN = 1.0
_RETRY = 0.5
_PROGRESS_STEP = 0.05


class Run:
    """Writes an attempt's text to the log, and its ending to the row and then to the log."""

    def __init__(
        self, claim: Claim, *, leases: Leases, flusher: Flusher, generator: Generator, max_tokens: int
    ) -> None:
        self.claim = claim
        self._leases = leases
        self._flusher = flusher
        self._generator = generator
        self._max_tokens = max_tokens
        self._parts: list[str] = []
        self._offset = 0
        self._tokens = 0
        self._progress: float | None = 0.0
        self.checked = 0  # the entry that the row accounts for
        self._writer: LogWriter = flusher.open(claim.id, claim.attempt, self.stop)
        self._job: asyncio.Task[None] | None = None
        self._is_stopped = False
        self.is_finishing = False

    async def execute(self) -> None:
        """Runs to the ending, or until the attempt is not ours any more."""
        self._job = asyncio.current_task()
        if self._is_stopped:  # before it could begin
            self._flusher.drop(self._writer)
            return
        with structlog.contextvars.bound_contextvars(task_id=str(self.claim.id), attempt=self.claim.attempt):
            try:
                await self._generate()
            except asyncio.CancelledError:
                log.info("attempt stopped")
            except Exception:  # the lease runs out, and another attempt follows
                log.exception("attempt failed without an ending")
            finally:
                if not self._writer.ending:
                    self._flusher.drop(self._writer)

    def stop(self) -> None:
        """Ends the attempt without an ending: somebody else has it, or it is finished."""
        self._is_stopped = True
        if self._job and not self.is_finishing:  # a commit under way is not to be cut: the row decides
            self._job.cancel()

    def checkpoint(self) -> Checkpoint | None:
        """What changed since the last checkpoint that was stored, or None."""
        if self.is_finishing or self.checked == self._writer.last.seq:
            return None
        return Checkpoint(
            self.claim.id, self.claim.attempt, self.text, self._writer.last.seq, self._tokens, self._progress
        )

    @property
    def text(self) -> str:
        if len(self._parts) > 1:
            self._parts = ["".join(self._parts)]
        return "".join(self._parts)

    async def _generate(self) -> None:
        self._update()
        # the first entry fences older attempts in the log; without a store the row fences, and no time is lost
        await self._flusher.flushed(self._writer, 1, within=_FENCE_WITHIN)
        log.info("attempt started")
        status: TaskStatus = "completed"
        error: TaskError | None = None
        try:
            await self._write_pieces()
        except GeneratorError as refused:
            status, error = "failed", TaskError(code=refused.code, detail=clean(refused.detail))
        except Exception:
            log.exception("the generator is broken")
            status, error = "failed", TaskError(code="internal_error", detail="The generator failed unexpectedly.")
        await self._finish(status, plan_of(self.text) if status == "completed" else None, error)

    async def _write_pieces(self) -> None:
        cleaner = Cleaner()
        async with aclosing(self._generator.stream(self.claim.prompt, max_tokens=self._max_tokens)) as pieces:
            async for piece in pieces:
                self._tokens += piece.tokens
                self._append(cleaner.feed(piece.text))
                if piece.progress is not None and piece.progress >= (self._progress or 0) + _PROGRESS_STEP:
                    self._progress = piece.progress
                    self._update()
        self._append(cleaner.flush())

    def _append(self, text: str) -> None:
        if text:
            self._flusher.write(self._writer, record(Token(offset=self._offset, text=text)))
            self._parts.append(text)
            self._offset += utf16_length(text)

    def _update(self) -> None:
        update = TaskUpdate(status="running", attempt=self.claim.attempt, progress=self._progress)
        self._flusher.write(self._writer, record(update))

    async def _finish(self, status: TaskStatus, result: Plan | None, error: TaskError | None) -> None:
        """Commits the ending to the row, however long that takes, and then tells the log."""
        self.is_finishing = True
        row: Any = None
        while row is None:
            heed_cancel()
            try:
                row = await self._leases.finish(
                    self.claim, status=status, text=self.text, result=result, error=error, tokens=self._tokens
                ) or await self._leases.finished(self.claim)
                if row is None:
                    log.info("attempt lost")
                    return
            except Exception as failure:  # the database is away: the row decides when it is back
                log.warning("the ending can't be committed yet", error=repr(failure))
                await asyncio.sleep(_RETRY)
        ours = row.status == status and row.text == self.text
        self._flusher.end(self._writer, ending_of(row, after=self._writer.last.seq if ours else None))
        log.info("attempt finished", status=row.status, tokens=self._tokens)
