"""Tasks on the wire."""

import hashlib
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from app.core.schemas import Body, Prompt, Resource
from app.generators.base import Plan

TaskKind = Literal["project_plan"]
TaskStatus = Literal["queued", "running", "completed", "failed", "cancelled"]


class TaskCreate(Body):
    """What is to be written."""

    prompt: Prompt
    kind: TaskKind = "project_plan"

    def fingerprint(self) -> bytes:
        """The same for the same request, however its JSON was written."""
        return hashlib.sha256(self.model_dump_json().encode()).digest()


class TaskError(BaseModel):
    """Why a task failed: `code` for programs, `detail` for people."""

    code: str
    detail: str


class TaskSummary(Resource):
    """A task without its text."""

    id: UUID
    kind: TaskKind
    status: TaskStatus
    prompt: str
    result: Plan | None
    error: TaskError | None
    attempt: Annotated[int, Field(ge=0)]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class Task(TaskSummary):
    """A task. `text` is at most 1 s behind its stream, and exact when the task is finished."""

    text: str


class TaskPage(BaseModel):
    """Tasks, the newest first."""

    items: list[TaskSummary]
    next_cursor: str | None
