"""Tells those who watch a task at once what its row already says; should this be lost, they ask the row soon."""

import asyncio
from collections.abc import Coroutine
from typing import Any
from uuid import UUID

import structlog
from redis.exceptions import RedisError

from app.streams.cursor import Cursor
from app.streams.log import EventLog
from app.tasks.watch import ending_of

log = structlog.get_logger(__name__)

_running: set[asyncio.Task[None]] = set()


def ending(event_log: EventLog, row: Any) -> None:
    """Appends a finished row's ending, in the background."""
    _start(event_log.end(row.id, Cursor(row.attempt, row.cursor_seq), ending_of(row)))


def deletion(event_log: EventLog, task_id: UUID) -> None:
    """Appends the tombstone of a task that is gone, in the background."""
    _start(event_log.bury(task_id))


def _start(append: Coroutine[Any, Any, None]) -> None:
    task = asyncio.create_task(_quietly(append))
    _running.add(task)  # the loop itself holds tasks weakly
    task.add_done_callback(_running.discard)


async def _quietly(append: Coroutine[Any, Any, None]) -> None:
    try:
        await append
    except (RedisError, OSError) as error:
        log.warning("the log can't be told", error=repr(error))
