"""What happens when somebody creates, cancels or deletes a task."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.core.caller import Caller
from app.core.db import Reader, WriteTransaction
from app.core.errors import NotFound, Unavailable
from app.core.pagination import PageRequest, encode_cursor
from app.core.query import fields
from app.settings import TaskSettings
from app.streams.cursor import Cursor
from app.tasks import repository
from app.tasks.errors import AlreadyFinished, DailyLimit, IdempotencyConflict, TooManyTasks
from app.tasks.schemas import TaskCreate, TaskPage, TaskStatus, TaskSummary


async def get(db: Reader, *, caller: Caller, task_id: UUID) -> dict[str, Any]:
    """The task's fields. Raises NotFound."""
    row = await repository.task(db, caller, task_id)
    if row is None:
        raise NotFound
    return fields(row)


async def cursor(db: Reader, *, caller: Caller, task_id: UUID) -> Cursor:
    """What the row's text accounts for. Raises NotFound."""
    row = await repository.cursor(db, caller, task_id)
    if row is None:
        raise NotFound
    return Cursor(row.attempt, row.cursor_seq)


async def page(db: Reader, *, caller: Caller, request: PageRequest, status: TaskStatus | None) -> TaskPage:
    """A page of the caller's tasks."""
    rows = await repository.page(db, caller, request, status)
    items = [TaskSummary.model_validate(fields(row)) for row in rows[: request.limit]]
    return TaskPage(items=items, next_cursor=encode_cursor(items[-1].id) if len(rows) > request.limit else None)


async def create(
    tx: WriteTransaction, *, caller: Caller, body: TaskCreate, key: str | None, limits: TaskSettings
) -> Row[Any]:
    """Stores a queued task, or gives the one that the key already made.

    Raises IdempotencyConflict when the key was used for another body, TooManyTasks and DailyLimit.
    """
    await repository.lock_owner(tx, caller)
    fingerprint = body.fingerprint()
    for attempt in ("first", "again"):
        if key is not None and (row := await repository.task_by_key(tx, caller, key)):
            if row.fingerprint != fingerprint:
                raise IdempotencyConflict
            return row
        if attempt == "first":
            await _check_limits(tx, caller, limits)
        # None: the key was taken a moment ago by somebody who doesn't take the lock; once more
        added = await repository.add(tx, caller, kind=body.kind, prompt=body.prompt, fingerprint=fingerprint, key=key)
        if added is not None:
            return added
    raise Unavailable


async def cancel(tx: WriteTransaction, *, caller: Caller, task_id: UUID) -> Row[Any]:
    """Ends the task as cancelled, whatever its worker does. Raises NotFound and AlreadyFinished."""
    row = await repository.cancel(tx, caller, task_id)
    if row is None:
        raise AlreadyFinished if await repository.exists(tx, caller, task_id) else NotFound
    return row


async def delete(tx: WriteTransaction, *, caller: Caller, task_id: UUID) -> None:
    """Deletes the task; its idempotency key is free again. Raises NotFound."""
    if not await repository.remove(tx, caller, task_id):
        raise NotFound


async def _check_limits(tx: WriteTransaction, caller: Caller, limits: TaskSettings) -> None:
    if await repository.count_unfinished(tx, caller) >= limits.running_per_user:
        raise TooManyTasks
    if not await repository.take_quota(tx, caller, limits.per_day):
        raise DailyLimit
