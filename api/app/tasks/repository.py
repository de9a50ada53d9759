"""Every query about tasks, from their owner's side. (A worker's are in `leases`.)"""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Integer, Row, Select, Uuid, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import JSONB

from app.core.caller import Caller
from app.core.db import Reader, WriteTransaction
from app.core.ids import new_id
from app.core.pagination import PageRequest
from app.core.query import Query
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


class _Whoever(NamedTuple):
    """Stands for the caller in a read that is compiled before there is one."""

    user_id: Any = bindparam("caller", type_=Uuid)


def visible_to(caller: Caller | _Whoever, *columns: Any) -> Select[Any]:
    """The tasks that the caller may see: every read of a task begins here."""
    return select(*columns).where(TaskRow.owner_id == caller.user_id)


_ANY, _ID, _BEFORE = _Whoever(), bindparam("id", type_=Uuid), bindparam("before", type_=Uuid)
_TASK = Query(visible_to(_ANY, *_SUMMARY, TaskRow.text).where(TaskRow.id == _ID))
_CURSOR = Query(visible_to(_ANY, TaskRow.attempt, TaskRow.cursor_seq).where(TaskRow.id == _ID))
_PAGE = visible_to(_ANY, *_SUMMARY).order_by(TaskRow.id.desc()).limit(bindparam("limit", type_=Integer))


@cache
def _page(*, has_status: bool, has_before: bool) -> Query:
    statement = _PAGE.where(TaskRow.status == bindparam("status")) if has_status else _PAGE
    return Query(statement.where(TaskRow.id < _BEFORE) if has_before else statement)


async def task(db: Reader, caller: Caller, task_id: UUID) -> Any:
    """The whole task, or None."""
    return await db.row(_TASK, caller=caller.user_id, id=task_id)


async def exists(tx: WriteTransaction, caller: Caller, task_id: UUID) -> bool:
    return await tx.scalar(visible_to(caller, TaskRow.id).where(TaskRow.id == task_id)) is not None


async def cursor(db: Reader, caller: Caller, task_id: UUID) -> Any:
    """The attempt and the number that the task's text accounts for, or None."""
    return await db.row(_CURSOR, caller=caller.user_id, id=task_id)


async def page(db: Reader, caller: Caller, request: PageRequest, status: TaskStatus | None) -> Sequence[Any]:
    """One row more than the page has, where there is another page; without texts, the newest first."""
    query = _page(has_status=status is not None, has_before=request.before is not None)
    return await db.rows(query, caller=caller.user_id, status=status, before=request.before, limit=request.limit + 1)


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
