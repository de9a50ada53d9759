"""Cancelling and deleting: decided by the row, told to those who watch."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from uuid import UUID

import pytest
from fastapi import FastAPI
from redis.asyncio import Redis
from sqlalchemy import text

from app.core.db import Database
from app.streams.cursor import ENDING, TOMBSTONE, Cursor
from app.streams.log import Entry, EventLog
from app.tasks.announce import _running
from tests.people import Person
from tests.problems import problem


@pytest.fixture
async def entries(app: FastAPI) -> Callable[[str], Awaitable[list[Entry]]]:
    """What the log of a task says, once everything under way is in it."""

    async def read(task_id: str) -> list[Entry]:
        if _running:
            await asyncio.wait(set(_running))
        event_log: EventLog = app.state.event_log
        return await event_log.after(UUID(task_id), Cursor(0, 0), 100)

    return read


async def set_running(db: Database, task_id: str) -> None:
    async with db.autocommit() as connection:
        await connection.execute(
            text("""
                UPDATE tasks SET status = 'running', attempt = 2, cursor_seq = 7, text = 'half a', started_at = now(),
                    lease_until = now() + interval '1 minute' WHERE id = :id
            """),
            {"id": task_id},
        )


async def row(db: Database, task_id: str) -> dict[str, object]:
    async with db.autocommit() as connection:
        found = await connection.execute(text("SELECT * FROM tasks WHERE id = :id"), {"id": task_id})
        return dict(found.mappings().one())


@pytest.mark.parametrize("is_running", [False, True])
async def test_cancelling_is_the_ending(
    person: Person, db: Database, entries: Callable[[str], Awaitable[list[Entry]]], *, is_running: bool
) -> None:
    task_id = (await person.create_task())["id"]
    if is_running:
        await set_running(db, task_id)

    response = await person.browser.post(f"/api/v1/tasks/{task_id}/cancel")

    task = response.json()
    assert response.status_code == 202
    assert (task["status"], task["text"]) == ("cancelled", "half a" if is_running else "")
    assert task["finished_at"]
    found = await row(db, task_id)
    assert (found["cursor_seq"], found["lease_until"]) == (ENDING, None)
    [ending] = await entries(task_id)
    assert ending.cursor == Cursor(2 if is_running else 0, ENDING)
    assert ending.record.type == "task_finished"


@pytest.mark.parametrize("again", [1, 2])
async def test_a_finished_task_stays_what_it_is(person: Person, again: int) -> None:
    task_id = (await person.create_task())["id"]
    first = (await person.browser.post(f"/api/v1/tasks/{task_id}/cancel")).json()

    for _ in range(again):
        problem(await person.browser.post(f"/api/v1/tasks/{task_id}/cancel"), 409, "already_finished")

    assert (await person.browser.get(f"/api/v1/tasks/{task_id}")).json() == first


async def test_deleting_leaves_nothing_but_a_tombstone(
    person: Person, entries: Callable[[str], Awaitable[list[Entry]]]
) -> None:
    task_id = (await person.create_task())["id"]

    response = await person.browser.delete(f"/api/v1/tasks/{task_id}")

    assert response.status_code == 204
    assert response.content == b""
    problem(await person.browser.get(f"/api/v1/tasks/{task_id}"), 404, "not_found")
    problem(await person.browser.delete(f"/api/v1/tasks/{task_id}"), 404, "not_found")
    assert [entry.cursor for entry in await entries(task_id)] == [TOMBSTONE]


@pytest.fixture
def without_log(app: FastAPI) -> Iterator[None]:
    event_log = app.state.event_log
    app.state.event_log = EventLog(Redis.from_url("redis://127.0.0.1:9"), app.state.settings.streams.log_ttl)
    yield
    app.state.event_log = event_log


@pytest.mark.usefixtures("without_log")
async def test_neither_needs_the_log(person: Person) -> None:
    task_id = (await person.create_task())["id"]

    cancelled = await person.browser.post(f"/api/v1/tasks/{task_id}/cancel")
    deleted = await person.browser.delete(f"/api/v1/tasks/{task_id}")

    assert (cancelled.status_code, deleted.status_code) == (202, 204)
