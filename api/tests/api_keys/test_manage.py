"""Making, listing and revoking API keys."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.api_keys.service import MOST
from app.core.db import Database
from app.core.ids import new_id
from tests.api_keys.machines import add_key, machine
from tests.people import Person
from tests.problems import problem

PATH = "/api/v1/api-keys"
NEW = {"name": "Report", "scopes": ["tasks:read"]}


async def create(person: Person, **body: Any) -> httpx.Response:
    return await person.browser.post(PATH, json=NEW | body)


async def listed(person: Person) -> list[dict[str, Any]]:
    response = await person.browser.get(PATH)
    assert response.status_code == 200
    body = response.json()
    assert body.keys() == {"items"}
    items: list[dict[str, Any]] = body["items"]
    return items


async def test_a_key_is_shown_once(person: Person) -> None:
    response = await create(person, name=" Report ", scopes=["tasks:write", "tasks:read", "tasks:read"])

    made = response.json()
    assert response.status_code == 201
    assert made.pop("key").startswith(made["prefix"])
    assert made["name"] == "Report"
    assert made["scopes"] == ["tasks:read", "tasks:write"]
    assert made["expires_at"] is made["last_used_at"] is None
    assert await listed(person) == [made]


async def test_the_database_has_no_key(person: Person, db: Database) -> None:
    key = (await create(person)).json()["key"]

    async with db.autocommit() as connection:
        found = await connection.execute(text("SELECT k::text FROM api_keys k WHERE user_id = :id"), {"id": person.id})
    assert key[12:] not in found.scalar_one()


async def test_the_list_is_the_owner_s_newest_first(person: Person, stranger: Person) -> None:
    await create(stranger)
    ids = [(await create(person, name=name)).json()["id"] for name in ("one", "two", "three")]

    assert [item["id"] for item in await listed(person)] == ids[::-1]


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"name": "  "}, "/name", "string_too_short"),
        ({"name": "x" * 101}, "/name", "string_too_long"),
        ({"scopes": []}, "/scopes", "too_short"),
        ({"scopes": ["admin"]}, "/scopes/0", "literal_error"),
        ({"scopes": None}, "/scopes", "list_type"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "/expires_at", "not_in_the_future"),
        ({"expires_at": "0001-01-01T00:00:00+23:00"}, "/expires_at", "not_in_the_future"),
        ({"expires_at": "9999-12-31T23:59:59-23:00"}, "/expires_at", "not_in_the_future"),
        ({"expires_at": "2120-01-01T00:00:00"}, "/expires_at", "timezone_aware"),
        ({"expires_at": "soon"}, "/expires_at", "datetime_from_date_parsing"),
    ],
)
async def test_what_a_key_can_t_be(person: Person, change: dict[str, Any], pointer: str, code: str) -> None:
    body = problem(await create(person, **change), 422, "invalid_body")

    assert [(error["pointer"], error["code"]) for error in body["errors"]] == [(pointer, code)]


async def test_a_moment_of_expiry_is_told_in_utc(person: Person) -> None:
    made = (await create(person, expires_at="2120-01-01T02:00:00+02:00")).json()

    assert made["expires_at"] == "2120-01-01T00:00:00Z"


async def test_a_session_that_ended_a_moment_ago_leaves_no_key_behind(person: Person, db: Database) -> None:
    async with db.autocommit() as connection:  # nobody has told this process yet
        await connection.execute(text("DELETE FROM sessions WHERE id = :id"), {"id": person.caller.credential_id})

    problem(await create(person), 401, "unauthenticated")

    assert await listed(person) == []


async def test_there_are_at_most_so_many_a_user(app: FastAPI, person: Person, stranger: Person) -> None:
    for _ in range(MOST - 1):
        await add_key(app, person.caller)

    responses = await asyncio.gather(*(create(person) for _ in range(5)))

    assert sorted(response.status_code for response in responses) == [201, 409, 409, 409, 409]
    problem(next(response for response in responses if response.status_code == 409), 409, "too_many_keys")
    assert len(await listed(person)) == MOST
    assert (await create(stranger)).status_code == 201


async def test_revoking_makes_room_and_is_final(app: FastAPI, person: Person) -> None:
    made = (await create(person)).json()
    async with machine(app, made["key"]) as client:
        assert (await client.get("/api/v1/tasks")).status_code == 200

        assert (await person.browser.delete(f"{PATH}/{made['id']}")).status_code == 204

        problem(await client.get("/api/v1/tasks"), 401, "unauthenticated")
    assert await listed(person) == []
    problem(await person.browser.delete(f"{PATH}/{made['id']}"), 404, "not_found")


async def test_another_s_key_is_no_key(app: FastAPI, person: Person, stranger: Person) -> None:
    key_id, key = await add_key(app, person.caller)

    problem(await stranger.browser.delete(f"{PATH}/{key_id}"), 404, "not_found")

    problem(await stranger.browser.delete(f"{PATH}/{new_id()}"), 404, "not_found")
    async with machine(app, key) as client:
        assert (await client.get("/api/v1/tasks")).status_code == 200


async def test_making_and_revoking_are_in_the_audit_log(person: Person, db: Database) -> None:
    made = (await create(person, expires_at=(datetime.now(UTC) + timedelta(days=1)).isoformat())).json()
    await person.browser.delete(f"{PATH}/{made['id']}")

    async with db.autocommit() as connection:
        statement = text("SELECT action, actor_id, facts FROM audit_events WHERE user_id = :id ORDER BY id OFFSET 1")
        rows = list(await connection.execute(statement, {"id": person.id}))
    assert rows == [
        ("key_created", person.id, {"key": made["id"], "scopes": ["tasks:read"]}),
        ("key_revoked", person.id, {"key": made["id"]}),
    ]
