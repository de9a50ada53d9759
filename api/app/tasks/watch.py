"""What the hub may ask of the tasks' rows."""

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select

from app.core.db import Database
from app.streams.cursor import Cursor
from app.streams.events import record, utf16_length
from app.streams.log import Entry, Record
from app.tasks.events import Snapshot, TaskFinished, TaskMissing
from app.tasks.models import TaskRow

# an array: a list of parameters would be compiled anew for every length
_CURSORS = select(TaskRow.id, TaskRow.attempt, TaskRow.cursor_seq).where(
    TaskRow.id == any_(bindparam("documents", type_=ARRAY(Uuid)))
)


class TaskDocument:
    """A task's row, brought forward by the log."""

    def __init__(self, row: Any) -> None:
        self.cursor = Cursor(row.attempt, row.cursor_seq)
        self._row = row
        self._status, self._progress = row.status, row.progress
        self._parts = [row.text]

    def fold(self, entry: Entry) -> None:
        self.cursor = entry.cursor
        event = json.loads(entry.record.data)
        if event["type"] == "token":
            self._parts.append(event["text"])
        elif event["type"] == "task_update":
            self._status, self._progress = event["status"], event["progress"]

    def snapshot(self) -> Record:
        return record(
            Snapshot(
                task_id=self._row.id,
                status=self._status,
                attempt=self.cursor.attempt,
                progress=self._progress,
                text="".join(self._parts),
            )
        )

    def ending(self) -> Record:
        return ending_of(self._row)


def ending_of(row: Any, *, after: int | None = None) -> Record:
    """The ending of a finished row; `after` is for the worker that wrote its attempt: the entry it directly follows."""
    finished = TaskFinished(status=row.status, length=utf16_length(row.text), result=row.result, error=row.error)
    return record(finished, after=after)


class TaskSource:
    """The tasks as a stream source."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def cursors(self, documents: Collection[UUID]) -> dict[UUID, Cursor]:
        if not documents:
            return {}
        async with self._db.autocommit() as connection:
            rows = await connection.execute(_CURSORS, {"documents": list(documents)})
        return {row.id: Cursor(row.attempt, row.cursor_seq) for row in rows}

    async def load(self, document: UUID) -> TaskDocument | None:
        async with self._db.autocommit() as connection:
            row = (await connection.execute(select(TaskRow.__table__).where(TaskRow.id == document))).one_or_none()
        return TaskDocument(row) if row else None

    def missing(self, document: UUID) -> Record:
        return record(TaskMissing(task_id=document))
