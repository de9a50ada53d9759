"""Reading tasks: one's own, in pages, and nobody else's."""

import asyncio
from contextlib import ExitStack

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.core.caller import Caller
from app.core.db import Database
from app.core.ids import new_id
from app.streams.wire import SSE
from tests.people import Person
from tests.problems import problem


async def add_tasks(db: Database, person: Person, number: int, status: str = "completed") -> list[str]:
    """Ids, the newest first."""
    ids = [new_id() for _ in range(number)]
    async with db.autocommit() as connection:
        await connection.execute(
            text("""
                INSERT INTO tasks (id, owner_id, kind, status, prompt, fingerprint, text, finished_at)
                VALUES (:id, :owner, 'project_plan', :status, 'x', '', 'its text', now())
            """),
            [{"id": task_id, "owner": person.id, "status": status} for task_id in ids],
        )
    return [str(task_id) for task_id in reversed(ids)]


async def test_pages_hold_everything_once_the_newest_first(person: Person, stranger: Person, db: Database) -> None:
    ids = await add_tasks(db, person, 25)
    await add_tasks(db, stranger, 3)

    found, sizes = list[str](), list[int]()
    query: dict[str, str] | None = {"limit": "10"}
    while query is not None:
        page = (await person.browser.get("/api/v1/tasks", params=query)).json()
        found += [task["id"] for task in page["items"]]
        sizes.append(len(page["items"]))
        query = {"limit": "10", "cursor": page["next_cursor"]} if page["next_cursor"] else None

    assert sizes == [10, 10, 5]
    assert found == ids


async def test_a_full_last_page_has_no_next(person: Person, db: Database) -> None:
    await add_tasks(db, person, 20)

    page = (await person.browser.get("/api/v1/tasks")).json()

    assert len(page["items"]) == 20
    assert page["next_cursor"] is None


async def test_new_tasks_do_not_move_the_pages(person: Person, db: Database) -> None:
    ids = await add_tasks(db, person, 4)
    first = (await person.browser.get("/api/v1/tasks?limit=2")).json()
    await add_tasks(db, person, 3)

    second = (await person.browser.get(f"/api/v1/tasks?limit=2&cursor={first['next_cursor']}")).json()

    assert [task["id"] for task in second["items"]] == ids[2:]


async def test_lists_have_no_texts_and_can_be_filtered(person: Person, db: Database) -> None:
    failed = await add_tasks(db, person, 2, "failed")
    await add_tasks(db, person, 2)

    page = (await person.browser.get("/api/v1/tasks?status=failed")).json()

    assert [task["id"] for task in page["items"]] == failed
    assert all("text" not in task for task in page["items"])


@pytest.mark.parametrize(
    "query",
    [
        "cursor=garbage", "cursor=", "cursor=%00", "cursor=" + "A" * 22 + "%3D", "cursor=" + "A" * 5_000,
        "limit=0", "limit=101", "limit=-1", "limit=many", "limit=", "limit=1e3", "limit=" + "9" * 30,
        "status=unknown", "status=", "status=%00",
    ],
)  # fmt: skip
async def test_a_query_that_is_not_understood_is_400(person: Person, query: str) -> None:
    problem(await person.browser.get(f"/api/v1/tasks?{query}"), 400, "invalid_request")


CALLS = [("GET", ""), ("POST", "/cancel"), ("DELETE", ""), ("GET", "/stream")]


@pytest.mark.parametrize(("method", "suffix"), CALLS)
async def test_somebody_else_s_task_is_not_there(person: Person, stranger: Person, method: str, suffix: str) -> None:
    task = await person.create_task()

    theirs = await stranger.browser.request(method, f"/api/v1/tasks/{task['id']}{suffix}")
    nobodys = await stranger.browser.request(method, f"/api/v1/tasks/{new_id()}{suffix}")

    seen, unseen = problem(theirs, 404, "not_found"), problem(nobodys, 404, "not_found")
    assert {**seen, "request_id": ""} == {**unseen, "request_id": ""}
    assert (await person.browser.get(f"/api/v1/tasks/{task['id']}")).json()["status"] == "queued"


@pytest.mark.parametrize("task_id", ["x", "1", "%00", "..", "0" * 64, "01a1fc1a-54b0-73a8-8cef-58e21740cadg"])
@pytest.mark.parametrize(("method", "suffix"), CALLS)
async def test_a_malformed_id_is_404(person: Person, method: str, suffix: str, task_id: str) -> None:
    response = await person.browser.request(method, f"/api/v1/tasks/{task_id}{suffix}")

    assert response.status_code in {404, 405}
    assert response.json()["code"] in {"not_found", "method_not_allowed"}


async def test_reads_hold_no_transaction(person: Person, db: Database) -> None:
    task = await person.create_task()
    await asyncio.gather(*(person.browser.get(f"/api/v1/tasks/{task['id']}") for _ in range(20)))

    async with db.autocommit() as connection:
        query = text("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'")
        assert (await connection.execute(query)).scalar() == 0


async def test_a_stream_too_many_is_refused_with_the_limit(person: Person, db: Database, app: FastAPI) -> None:
    [task_id] = await add_tasks(db, person, 1)
    connections = app.state.hub.connections
    caller = Caller(person.id, new_id(), "user")

    with ExitStack() as stack:
        for _ in range(100):
            stack.enter_context(connections.open(SSE, caller))
        refused = await person.browser.get(f"/api/v1/tasks/{task_id}/stream")

    problem(refused, 429, "too_many_streams")
    told = {name: refused.headers[name] for name in ("Retry-After", "RateLimit-Limit", "RateLimit-Remaining")}
    assert told == {"Retry-After": "5", "RateLimit-Limit": "100", "RateLimit-Remaining": "0"}
    assert refused.headers["RateLimit-Policy"] == '"streams";q=100'
