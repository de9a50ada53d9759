"""Creating tasks: accepted once, whatever is sent twice, and within the limits."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.core.db import Database
from app.main import create_app
from app.settings import Settings
from tests.people import Person, register
from tests.problems import problem

PROMPT = {"prompt": "A library of seeds"}


async def post(person: Person, key: str | None = None, body: Any = None) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key is not None else {}
    return await person.browser.post("/api/v1/tasks", json=body or PROMPT, headers=headers)


async def count(db: Database, person: Person) -> int:
    async with db.autocommit() as connection:
        query = text("SELECT count(*) FROM tasks WHERE owner_id = :user")
        return int((await connection.execute(query, {"user": person.id})).scalar_one())


@pytest.fixture
async def limited(app: FastAPI, settings: Settings) -> AsyncIterator[Person]:
    """Somebody who may have two tasks at a time and create three a day."""
    other = create_app(settings)
    for part in ("db", "event_log", "bell", "limiter"):
        setattr(other.state, part, getattr(app.state, part))
    limits = settings.tasks.model_copy(update={"running_per_user": 2, "per_day": 3})
    other.state.settings = type(settings)(
        **{name: getattr(settings, name) for name in settings.__slots__ if name != "tasks"}, tasks=limits
    )
    async with register(other) as person:
        yield person


async def test_it_answers_with_a_queued_task_and_its_address(person: Person) -> None:
    response = await post(person)

    task = response.json()
    assert response.status_code == 202
    assert response.headers["location"] == f"/api/v1/tasks/{task['id']}"
    assert task == {
        "id": task["id"],
        "kind": "project_plan",
        "status": "queued",
        "prompt": "A library of seeds",
        "text": "",
        "result": None,
        "error": None,
        "attempt": 0,
        "created_at": task["created_at"],
        "started_at": None,
        "finished_at": None,
    }
    assert task["created_at"].endswith("Z")
    assert (await person.browser.get(response.headers["location"])).json() == task


async def test_the_same_key_and_body_give_the_same_task_as_it_is_now(person: Person) -> None:
    first = (await post(person, "k")).json()
    await person.browser.post(f"/api/v1/tasks/{first['id']}/cancel")

    again = await post(person, "k", {"kind": "project_plan", **PROMPT})

    assert again.status_code == 202
    assert again.json()["id"] == first["id"]
    assert again.json()["status"] == "cancelled"


async def test_the_same_key_with_another_body_is_a_conflict(person: Person) -> None:
    await post(person, "k")

    problem(await post(person, "k", {"prompt": "something else"}), 409, "idempotency_conflict")


async def test_a_key_belongs_to_its_user(person: Person, stranger: Person) -> None:
    mine, theirs = await post(person, "k"), await post(stranger, "k", {"prompt": "something else"})

    assert mine.json()["id"] != theirs.json()["id"]


async def test_twenty_at_once_with_one_key_are_one_task(person: Person, db: Database) -> None:
    responses = await asyncio.gather(*(post(person, "k") for _ in range(20)))

    assert {response.status_code for response in responses} == {202}
    assert len({response.json()["id"] for response in responses}) == 1
    assert await count(db, person) == 1


async def test_a_deleted_task_frees_its_key(person: Person) -> None:
    first = (await post(person, "k")).json()
    await person.browser.delete(f"/api/v1/tasks/{first['id']}")

    again = await post(person, "k", {"prompt": "something else"})

    assert again.status_code == 202
    assert again.json()["id"] != first["id"]


async def test_posts_and_deletes_of_one_key_never_break_each_other(person: Person) -> None:
    async def post_and_delete() -> list[int]:
        posted = await post(person, "k")
        deleted = await person.browser.delete(f"/api/v1/tasks/{posted.json()['id']}")
        return [posted.status_code, deleted.status_code]

    results = await asyncio.gather(*(post_and_delete() for _ in range(12)))

    assert {posted for posted, _ in results} == {202}
    assert {deleted for _, deleted in results} <= {204, 404}


@pytest.mark.parametrize("key", ["", "x" * 256, "é", "tab\there"])
async def test_a_bad_key_is_400(person: Person, key: str) -> None:
    headers = {b"Idempotency-Key": key.encode()}

    response = await person.browser.post("/api/v1/tasks", json=PROMPT, headers=headers)

    problem(response, 400, "invalid_request")


async def test_more_tasks_at_a_time_than_allowed_are_429(limited: Person) -> None:
    tasks = [await limited.create_task() for _ in range(2)]

    response = await post(limited)

    problem(response, 429, "too_many_tasks")
    assert int(response.headers["retry-after"]) > 0
    await limited.browser.post(f"/api/v1/tasks/{tasks[0]['id']}/cancel")
    assert (await post(limited)).status_code == 202


async def test_no_more_get_in_at_once(limited: Person, db: Database) -> None:
    responses = await asyncio.gather(*(post(limited) for _ in range(10)))

    assert sorted(response.status_code for response in responses) == [202] * 2 + [429] * 8
    assert await count(db, limited) == 2


async def test_the_daily_limit_counts_deleted_tasks_too(limited: Person) -> None:
    for _ in range(3):
        task = await limited.create_task()
        await limited.browser.delete(f"/api/v1/tasks/{task['id']}")

    response = await post(limited)

    problem(response, 429, "daily_limit")
    assert 0 < int(response.headers["retry-after"]) <= 86_401


async def test_a_new_day_begins_with_nothing_used(limited: Person, db: Database) -> None:
    async with db.autocommit() as connection:
        await connection.execute(
            text("INSERT INTO task_quotas VALUES (:user, current_date - 1, 3)"), {"user": limited.id}
        )

    assert (await post(limited)).status_code == 202


async def test_a_repeated_request_is_not_limited(limited: Person) -> None:
    await post(limited, "a")
    await post(limited, "b")

    assert (await post(limited, "a")).status_code == 202
