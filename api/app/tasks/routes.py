"""Tasks over HTTP."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Query, Response
from starlette.requests import HTTPConnection

from app.core.caller import Caller, allowed
from app.core.db import ReadOnly, Transaction
from app.core.errors import Unavailable, problems
from app.core.limits import per_account
from app.core.pagination import Page
from app.core.same_site import SameSiteStream
from app.settings import TaskSettings
from app.streams.bell import Bell
from app.streams.cursor import Cursor
from app.streams.hub import Hub
from app.streams.log import EventLog
from app.streams.sse import EventStream
from app.streams.wire import SSE
from app.tasks import announce, jobs, service
from app.tasks.errors import AlreadyFinished, DailyLimit, IdempotencyConflict, TooManyStreams, TooManyTasks
from app.tasks.schemas import Task, TaskCreate, TaskPage, TaskStatus

router = APIRouter(prefix="/tasks", tags=["tasks"])


async def _limits(connection: HTTPConnection) -> TaskSettings:
    limits: TaskSettings = connection.app.state.settings.tasks
    return limits


async def _event_log(connection: HTTPConnection) -> EventLog:
    event_log: EventLog = connection.app.state.event_log
    return event_log


async def _bell(connection: HTTPConnection) -> Bell:
    bell: Bell = connection.app.state.bell
    return bell


async def _hub(connection: HTTPConnection) -> Hub:
    hub: Hub = connection.app.state.hub
    return hub


Reading = Annotated[Caller, Depends(allowed("tasks:read"))]
Writing = Annotated[Caller, Depends(allowed("tasks:write"))]
Streams = Annotated[Hub, Depends(_hub)]
Limits = Annotated[TaskSettings, Depends(_limits)]
Log = Annotated[EventLog, Depends(_event_log)]
FeedBell = Annotated[Bell, Depends(_bell)]
TaskId = Annotated[UUID, Path(alias="id", description="The task")]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern="^[ -~]+$",
        description="The same key and body give the same task, however often they are sent",
    ),
]


@router.post("", status_code=202, responses=problems(IdempotencyConflict, TooManyTasks, DailyLimit))
async def create_task(  # noqa: PLR0917
    body: TaskCreate,
    caller: Writing,
    _limit: Annotated[None, per_account("tasks")],
    tx: Transaction,
    limits: Limits,
    bell: FeedBell,
    response: Response,
    key: IdempotencyKey = None,
) -> Task:
    """Accepts a task; a worker picks it up. The same key and body give the same task."""
    row = await service.create(tx, caller=caller, body=body, key=key, limits=limits)
    tx.after_commit(partial(bell.ring, [caller.user_id]))
    tx.after_commit(jobs.ring)
    response.headers["Location"] = f"/api/v1/tasks/{row.id}"
    return Task.model_validate(row)


@router.get("")
async def list_tasks(
    caller: Reading,
    db: ReadOnly,
    page: Page,
    status: Annotated[TaskStatus | None, Query(description="Only those")] = None,
) -> TaskPage:
    """Your tasks, the newest first, without their texts."""
    return await service.page(db, caller=caller, request=page, status=status)


@router.get("/{id}")
async def get_task(task_id: TaskId, caller: Reading, db: ReadOnly) -> Task:
    """A task; its text is at most a second behind its stream."""
    return Task.model_validate(await service.get(db, caller=caller, task_id=task_id))


@router.post("/{id}/cancel", status_code=202, responses=problems(AlreadyFinished))
async def cancel_task(task_id: TaskId, caller: Writing, tx: Transaction, log: Log, bell: FeedBell) -> Task:
    """Ends a task as cancelled; its worker stops within a second."""
    row = await service.cancel(tx, caller=caller, task_id=task_id)
    tx.after_commit(partial(bell.ring, [caller.user_id]))
    tx.after_commit(partial(announce.ending, log, row))
    return Task.model_validate(row)


@router.delete("/{id}", status_code=204, response_class=Response)
async def delete_task(task_id: TaskId, caller: Writing, tx: Transaction, log: Log, bell: FeedBell) -> None:
    """Deletes a task; a running one stops within a second."""
    await service.delete(tx, caller=caller, task_id=task_id)
    tx.after_commit(partial(bell.ring, [caller.user_id]))
    tx.after_commit(partial(announce.deletion, log, task_id))


@router.get(
    "/{id}/stream",
    status_code=200,
    response_class=EventStream,
    responses={
        200: {"content": {"text/event-stream": {"schema": {"$ref": "#/components/schemas/TaskEvent"}}}},
        204: {"description": "The cursor is that of the task's ending: there is nothing more"},
        **problems(TooManyStreams, Unavailable),
    },
)
async def stream_task(  # noqa: PLR0917
    task_id: TaskId,
    caller: Reading,
    _same_site: SameSiteStream,
    db: ReadOnly,
    hub: Streams,
    cursor: Annotated[str | None, Query(description="Where to go on; the header wins")] = None,
    last_event_id: Annotated[str | None, Header(description="Where to go on; garbage counts as nowhere")] = None,
) -> Response:
    """A task's events from the cursor on, or from a snapshot; the data of each is one TaskEvent."""
    at = Cursor.parse(cursor if last_event_id is None else last_event_id)
    row = await service.cursor(db, caller=caller, task_id=task_id)
    if row.is_ending and at == row:
        return Response(status_code=204)
    if hub.is_draining:
        raise Unavailable
    if hub.connections.is_full(SSE, caller.user_id):
        raise TooManyStreams(hub.connections.most(SSE))
    return EventStream(hub.reader(task_id, at, SSE, caller=caller))
