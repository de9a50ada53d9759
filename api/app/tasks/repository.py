"""Every query about tasks, from their owner's side. (A worker's are in `leases`.)"""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import JSONB

from app.core.caller import Caller
from app.core.db import Reader, WriteTransaction
from app.core.ids import new_id
from app.core.pagination import PageRequest
from app.streams.cursor import ENDING
from app.tasks.feed import with_feed
from app.tasks.models import TaskRow
from app.tasks.schemas import TaskStatus

_SUMMARY = (
    TaskRow.id,
    TaskRow.kind,
    TaskRow.status,
    TaskRow.prompt,
    TaskRow.result,
    TaskRow.error,
    TaskRow.attempt,
    TaskRow.created_at,
    TaskRow.started_at,
    TaskRow.finished_at,
)
# the same rule as visible_to, for statements that are SQL
_VISIBLE = "tasks.owner_id = :caller"

_CREATE = text(
    with_feed(
        """
        INSERT INTO tasks (id, owner_id, kind, prompt, fingerprint, idempotency_key)
        VALUES (:id, :caller, :kind, :prompt, :fingerprint, :key)
        ON CONFLICT (owner_id, idempotency_key) DO NOTHING
        RETURNING tasks.*
        """,
        "'feed_created'",
    )
).columns(result=JSONB, error=JSONB)

_CANCEL = text(
    with_feed(
        f"""
        UPDATE tasks SET status = 'cancelled', finished_at = now(), lease_until = NULL, cursor_seq = {ENDING}
        WHERE tasks.id = :id AND {_VISIBLE} AND tasks.status IN ('queued', 'running')
        RETURNING tasks.*
        """,
        "'feed_finished'",
    )
).columns(result=JSONB, error=JSONB)

_DELETE = text(with_feed(f"DELETE FROM tasks WHERE tasks.id = :id AND {_VISIBLE} RETURNING tasks.*", "'feed_deleted'"))

# in the order of their ids, as everybody who locks several; who watches one that finished long ago has its ending
_REMOVE_ALL = text("""
    WITH theirs AS (SELECT id FROM tasks WHERE owner_id = :owner ORDER BY id FOR UPDATE)
    DELETE FROM tasks USING theirs WHERE tasks.id = theirs.id
    RETURNING tasks.id, coalesce(tasks.finished_at > now() - interval '1 hour', true) AS is_watched
""")

_TAKE_QUOTA = text("""
    INSERT INTO task_quotas AS quota (user_id, day, created) VALUES (:caller, CAST(timezone('UTC', now()) AS date), 1)
    ON CONFLICT (user_id) DO UPDATE
    SET day = excluded.day, created = CASE WHEN quota.day = excluded.day THEN quota.created + 1 ELSE 1 END
    WHERE quota.day <> excluded.day OR quota.created < :limit
    RETURNING created
""")

_LOCK_OWNER = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("owner"), 0)))


def visible_to(caller: Caller, *columns: Any) -> Select[Any]:
    """The tasks that the caller may see: every read of a task begins here."""
    return select(*columns).where(TaskRow.owner_id == caller.user_id)


async def task(db: Reader | WriteTransaction, caller: Caller, task_id: UUID) -> Row[Any] | None:
    """The whole task."""
    statement = visible_to(caller, *_SUMMARY, TaskRow.text).where(TaskRow.id == task_id)
    return (await db.execute(statement)).one_or_none()


async def cursor(db: Reader, caller: Caller, task_id: UUID) -> Row[Any] | None:
    """The attempt and the number that the task's text accounts for."""
    statement = visible_to(caller, TaskRow.attempt, TaskRow.cursor_seq).where(TaskRow.id == task_id)
    return (await db.execute(statement)).one_or_none()


async def page(db: Reader, caller: Caller, request: PageRequest, status: TaskStatus | None) -> list[Row[Any]]:
    """One row more than the page has, where there is another page; without texts, the newest first."""
    statement = visible_to(caller, *_SUMMARY)
    if status is not None:
        statement = statement.where(TaskRow.status == status)
    if request.before is not None:
        statement = statement.where(TaskRow.id < request.before)
    return list(await db.execute(statement.order_by(TaskRow.id.desc()).limit(request.limit + 1)))


async def lock_owner(tx: WriteTransaction, caller: Caller) -> None:
    """Has a user's creations wait for each other until the commit, so that none is counted too late.

    It is no lock on a row: a creation may wait for a deletion with the same idempotency key, which waits for the feed.
    """
    await tx.execute(_LOCK_OWNER, {"owner": f"tasks:{caller.user_id}"})


async def task_by_key(tx: WriteTransaction, caller: Caller, key: str) -> Row[Any] | None:
    """The task of an idempotency key, with its fingerprint."""
    statement = visible_to(caller, *_SUMMARY, TaskRow.text, TaskRow.fingerprint)
    return (await tx.execute(statement.where(TaskRow.idempotency_key == key))).one_or_none()


async def count_unfinished(tx: WriteTransaction, caller: Caller) -> int:
    statement = visible_to(caller, func.count()).where(TaskRow.status.in_(["queued", "running"]))
    count: int = await tx.scalar(statement)
    return count


async def take_quota(tx: WriteTransaction, caller: Caller, limit: int) -> bool:
    """Counts one more task for today (UTC). False when today's are used up."""
    return await tx.scalar(_TAKE_QUOTA, {"caller": caller.user_id, "limit": limit}) is not None


async def add(
    tx: WriteTransaction, caller: Caller, *, kind: str, prompt: str, fingerprint: bytes, key: str | None
) -> Row[Any] | None:
    """The new task, or None when its idempotency key is taken."""
    values = {"kind": kind, "prompt": prompt, "fingerprint": fingerprint, "key": key}
    result = await tx.execute(_CREATE, {"id": new_id(), "caller": caller.user_id, **values})
    return result.one_or_none()


async def cancel(tx: WriteTransaction, caller: Caller, task_id: UUID) -> Row[Any] | None:
    """The task, cancelled; None when it is finished or there is none."""
    return (await tx.execute(_CANCEL, {"id": task_id, "caller": caller.user_id})).one_or_none()


async def remove(tx: WriteTransaction, caller: Caller, task_id: UUID) -> bool:
    """Deletes the task. False when there is none."""
    return (await tx.execute(_DELETE, {"id": task_id, "caller": caller.user_id})).one_or_none() is not None


async def remove_all(tx: WriteTransaction, owner_id: UUID) -> list[Row[Any]]:
    """Deletes all tasks of a user, who goes with them: no feed tells of it. Gives their ids, and whether any may be
    watched.
    """
    return list(await tx.execute(_REMOVE_ALL, {"owner": owner_id}))
