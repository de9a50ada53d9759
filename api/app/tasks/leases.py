"""What a worker does to the rows: every change of state is one statement in autocommit, fenced by attempt and status.

Postgres's clock is the only one: a worker's own may be wrong, and a stopped worker's stands still.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Executable, Row, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from app.core.db import Database
from app.generators.base import Plan
from app.settings import TaskSettings
from app.streams.cursor import ENDING
from app.tasks.feed import with_feed
from app.tasks.schemas import TaskError, TaskStatus

# Nobody's lease is judged until one lease after the database started: while it was away none could be renewed.
_LEASE_RAN_OUT = """
    t.status = 'running' AND t.lease_until < now() AND now() > pg_postmaster_start_time() + CAST(:lease AS interval)
"""

# Either half has an index of its own, in its order, and is read as far as there is room. With an OR between them
# Postgres tries every task there ever was, in the order of ids, once it has heard of a long queue.
_CLAIM = with_feed(
    f"""
    UPDATE tasks SET status = 'running', attempt = tasks.attempt + 1, text = '', progress = NULL, cursor_seq = 0,
        lease_until = now() + CAST(:lease AS interval), worker = :worker, started_at = coalesce(started_at, now()),
        -- a handed-back row has no worker: only a lease that ran out counts
        expired_leases = expired_leases + (tasks.status = 'running' AND tasks.worker IS NOT NULL)::int
    WHERE tasks.id = ANY(ARRAY(
        SELECT id FROM (
            SELECT t.id FROM tasks t
            WHERE {_LEASE_RAN_OUT} AND (t.worker IS NULL OR t.expired_leases + 1 < :max_attempts)
            ORDER BY t.lease_until LIMIT :room FOR UPDATE SKIP LOCKED
        ) AS cut_off
        UNION ALL
        SELECT id FROM (
            SELECT t.id FROM tasks t WHERE t.status = 'queued' ORDER BY t.id LIMIT :room FOR UPDATE SKIP LOCKED
        ) AS queued
        LIMIT :room
    ))
    RETURNING tasks.*
    """,
    "'feed_updated'",
)

_FAIL_EXHAUSTED = with_feed(
    f"""
    UPDATE tasks SET status = 'failed', finished_at = now(), lease_until = NULL, cursor_seq = {ENDING}, error = :error
    FROM (
        SELECT t.id FROM tasks t
        WHERE {_LEASE_RAN_OUT} AND t.worker IS NOT NULL AND t.expired_leases + 1 >= :max_attempts
        FOR UPDATE SKIP LOCKED
    ) AS due
    WHERE tasks.id = due.id
    RETURNING tasks.*
    """,
    "'feed_finished'",
)

_FINISH = with_feed(
    f"""
    UPDATE tasks SET status = :status, finished_at = now(), lease_until = NULL, cursor_seq = {ENDING}, text = :text,
        result = :result, error = :error, tokens_used = :tokens,
        progress = CASE WHEN :status = 'completed' THEN 1 ELSE progress END
    WHERE id = :id AND attempt = :attempt AND status = 'running'
    RETURNING tasks.*
    """,
    "'feed_finished'",
)

_OURS = "unnest(CAST(:ids AS uuid[]), CAST(:attempts AS int[])) AS ours (id, attempt)"
_STILL_OURS = "t.id = ours.id AND t.attempt = ours.attempt AND t.status = 'running'"
# A row that somebody holds is left out: waiting for it, the others' leases would run out.
_FREE = f"(SELECT t.id FROM tasks t, {_OURS} WHERE {_STILL_OURS} FOR UPDATE OF t SKIP LOCKED) AS free"

_CHECKPOINT = f"""
    UPDATE tasks t SET text = ours.text, cursor_seq = ours.seq, tokens_used = ours.tokens, progress = ours.progress
    FROM {_FREE},
        unnest(CAST(:ids AS uuid[]), CAST(:attempts AS int[]), CAST(:texts AS text[]), CAST(:seqs AS bigint[]),
            CAST(:tokens AS int[]), CAST(:progress AS real[])) AS ours (id, attempt, text, seq, tokens, progress),
        set_config('synchronous_commit', 'off', true)
    WHERE t.id = free.id AND {_STILL_OURS} AND t.cursor_seq < ours.seq
    RETURNING t.id
"""


# What a worker repeats anyway must not wait long: a lease lives 6 s, and the connection may be dead without a word.
_AGAIN_WITHIN = 1.5
_CLAIM_WITHIN = 5.0
_PRUNE_WITHIN = 20.0


class Claim(NamedTuple):
    """An attempt that this process has."""

    id: UUID
    attempt: int
    prompt: str


class Checkpoint(NamedTuple):
    """What the row is to know of a running attempt: the text and the entry it ends with, of one moment."""

    task_id: UUID
    attempt: int
    text: str
    seq: int
    tokens: int
    progress: float | None


class Leases:
    """The rows from a worker's side. `worker` names this process in them; `ring` hears whose feeds went on."""

    def __init__(
        self,
        db: Database,
        settings: TaskSettings,
        *,
        worker: str,
        ring: Callable[[Iterable[UUID]], object] = lambda _: None,
    ) -> None:
        self._db = db
        self._ring = ring
        self._settings = settings
        self._worker = worker
        # two statements at a time over the same rows would each leave out what the other one holds
        self._one_batch = asyncio.Lock()

    async def claim(self, room: int) -> list[Claim]:
        """Claims up to `room` rows that are queued or whose lease ran out: these first, then the oldest."""
        rows = await self._tell(_CLAIM, within=_CLAIM_WITHIN, room=room, worker=self._worker, **self._limits)
        return [Claim(row.id, row.attempt, row.prompt) for row in rows]

    async def confirm(self, task_id: UUID, attempt: int) -> bool:
        """Whether the attempt still runs."""
        return bool(await self._still_ours([task_id], [attempt]))

    async def extend(self, claims: Sequence[Claim]) -> set[UUID]:
        """Extends the leases of those that still run, but for rows that somebody holds. Gives their ids."""
        async with self._one_batch:
            rows = await self._execute(
                f"""
                UPDATE tasks t SET lease_until = now() + CAST(:lease AS interval) FROM {_FREE} WHERE t.id = free.id
                RETURNING t.id
                """,
                ids=[claim.id for claim in claims],
                attempts=[claim.attempt for claim in claims],
                lease=self._settings.lease,
            )
        return {row.id for row in rows}

    async def still_ours(self, claims: Sequence[Claim]) -> set[UUID]:
        """The ids of the attempts that still run: not cancelled, deleted, or claimed by somebody else."""
        return await self._still_ours([claim.id for claim in claims], [claim.attempt for claim in claims])

    async def hand_back(self, claims: Sequence[Claim]) -> None:
        """Lets others claim at once. Without a worker the row does not count the attempt as failed."""
        async with self._one_batch:
            await self._execute(
                f"UPDATE tasks t SET lease_until = now(), worker = NULL FROM {_FREE} WHERE t.id = free.id",
                ids=[claim.id for claim in claims],
                attempts=[claim.attempt for claim in claims],
            )

    async def checkpoint(self, checkpoints: Sequence[Checkpoint]) -> set[UUID]:
        """Stores texts with their cursors, but for rows that somebody holds. Gives the ids of those stored.

        The only writes that need not survive a crash of the database.
        """
        ids, attempts, texts, seqs, tokens, progress = (list(column) for column in zip(*checkpoints, strict=True))
        async with self._one_batch:
            rows = await self._execute(
                _CHECKPOINT, ids=ids, attempts=attempts, texts=texts, seqs=seqs, tokens=tokens, progress=progress
            )
        return {row.id for row in rows}

    async def finish(
        self,
        claim: Claim,
        *,
        status: TaskStatus,
        text: str,
        result: Plan | None,
        error: TaskError | None,
        tokens: int,
    ) -> Row[Any] | None:
        """Commits the ending. Gives the row, or None when the attempt is not ours any more."""
        rows = await self._tell(
            _FINISH,
            id=claim.id, attempt=claim.attempt, status=status, text=text, tokens=tokens,
            result=result and result.model_dump(mode="json"), error=error and error.model_dump(mode="json"),
        )  # fmt: skip
        return rows[0] if rows else None

    async def finished(self, claim: Claim) -> Row[Any] | None:
        """The row, if it is finished under this attempt: by a commit whose answer was lost, or by somebody else."""
        rows = await self._execute(
            f"SELECT * FROM tasks WHERE id = :id AND attempt = :attempt AND cursor_seq = {ENDING}",
            id=claim.id, attempt=claim.attempt,
        )  # fmt: skip
        return rows[0] if rows else None

    async def fail_exhausted(self) -> Sequence[Row[Any]]:
        """Fails the tasks whose last allowed attempt lost its lease. Gives their rows."""
        error = TaskError(code="attempts_exhausted", detail="Every attempt at this task was cut off.")
        return await self._tell(
            _FAIL_EXHAUSTED, within=_CLAIM_WITHIN, error=error.model_dump(mode="json"), **self._limits
        )

    async def prune_feed(self) -> None:
        """Deletes feed rows that outlived their time."""
        await self._execute(
            "DELETE FROM feed WHERE created_at < now() - CAST(:ttl AS interval)",
            within=_PRUNE_WITHIN,
            ttl=self._settings.feed_ttl,
        )

    @property
    def _limits(self) -> dict[str, Any]:
        return {"lease": self._settings.lease, "max_attempts": self._settings.max_attempts}

    async def _still_ours(self, ids: list[UUID], attempts: list[int]) -> set[UUID]:
        rows = await self._execute(f"SELECT t.id FROM tasks t, {_OURS} WHERE {_STILL_OURS}", ids=ids, attempts=attempts)
        return {row.id for row in rows}

    async def _tell(self, sql: str, *, within: float = _AGAIN_WITHIN, **values: Any) -> Sequence[Row[Any]]:
        """Executes a statement with a feed, and rings for those whose feeds it wrote to."""
        rows = await self._execute(sql, within=within, **values)
        self._ring({row.owner_id for row in rows})
        return rows

    async def _execute(self, sql: str, *, within: float = _AGAIN_WITHIN, **values: Any) -> Sequence[Row[Any]]:
        return await self._db.execute(_statement(sql), values, within=within)


@cache
def _statement(sql: str) -> Executable:
    """Typed where asyncpg can't know the type by itself; JSON null is SQL's NULL."""
    statement = text(sql)
    for name in ("result", "error"):
        if f":{name}" in sql:
            statement = statement.bindparams(bindparam(name, type_=JSONB(none_as_null=True)))
    return statement.columns(result=JSONB, error=JSONB) if "tasks.*" in sql or "SELECT *" in sql else statement
