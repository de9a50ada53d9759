"""The events of a task's stream: one union from here to the pixel."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.generators.base import Plan
from app.streams.events import Event, Heartbeat, Offset, Reset, Token
from app.tasks.schemas import TaskError, TaskStatus

Progress = Annotated[float | None, Field(ge=0, le=1, description="0 to 1, or null where it is not known")]


class Snapshot(Event):
    """The whole text up to this cursor: replace what you have."""

    type: Literal["snapshot"] = "snapshot"
    task_id: UUID
    status: TaskStatus
    attempt: Annotated[int, Field(ge=0)]
    progress: Progress
    text: str


class TaskUpdate(Event):
    """The task's state changed."""

    type: Literal["task_update"] = "task_update"
    status: TaskStatus
    attempt: Annotated[int, Field(ge=0)]
    progress: Progress


class TaskFinished(Event):
    """The end. `length` is that of the whole text."""

    type: Literal["task_finished"] = "task_finished"
    status: Literal["completed", "failed", "cancelled"]
    length: Offset
    result: Plan | None
    error: TaskError | None


class TaskMissing(Event):
    """The task is gone: the end."""

    type: Literal["task_missing"] = "task_missing"
    task_id: UUID


TaskEvent = Annotated[
    Snapshot | Token | TaskUpdate | Reset | TaskFinished | TaskMissing | Heartbeat, Field(discriminator="type")
]
"""Everything that a task's stream can say."""


class FeedChange(Event):
    """What happened to one of the user's tasks, and how it is since."""

    task_id: UUID
    status: TaskStatus
    attempt: Annotated[int, Field(ge=0)]


class FeedCreated(FeedChange):
    """A task was accepted."""

    type: Literal["feed_created"] = "feed_created"


class FeedUpdated(FeedChange):
    """A task's status or attempt changed."""

    type: Literal["feed_updated"] = "feed_updated"


class FeedFinished(FeedChange):
    """A task reached its end."""

    type: Literal["feed_finished"] = "feed_finished"


class FeedDeleted(FeedChange):
    """A task is gone."""

    type: Literal["feed_deleted"] = "feed_deleted"


class FeedReset(Event):
    """Changes may be missing before this one: read the list again."""

    type: Literal["feed_reset"] = "feed_reset"


FeedEvent = Annotated[FeedCreated | FeedUpdated | FeedFinished | FeedDeleted | FeedReset, Field(discriminator="type")]
"""Everything that a user's feed can say."""
