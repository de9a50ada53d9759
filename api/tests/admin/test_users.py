"""What an administrator does to accounts."""

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.core.db import Database
from app.core.ids import new_id
from tests.api_keys.machines import add_key, machine
from tests.people import Person, register
from tests.problems import problem

PATH = "/api/v1/admin/users"


async def update(admin: Person, of: Person, **change: Any) -> httpx.Response:
    return await admin.browser.patch(f"{PATH}/{of.id}", json=change)


async def rows(db: Database, person: Person) -> list[Any]:
    async with db.autocommit() as connection:
        statement = text("SELECT action, actor_id, facts FROM audit_events WHERE user_id = :id ORDER BY id OFFSET 1")
        return [tuple(row) for row in await connection.execute(statement, {"id": person.id})]


async def test_for_everybody_else_there_is_nothing(person: Person, client: httpx.AsyncClient) -> None:
    for method, path in (("GET", PATH), ("PATCH", f"{PATH}/{person.id}"), ("DELETE", f"{PATH}/{person.id}/sessions")):
        problem(await person.browser.request(method, path, json={"role": "admin"}), 404, "not_found")
        problem(await client.request(method, path, json={"role": "admin"}), 401, "unauthenticated")
    assert (await person.browser.get("/api/v1/me")).json()["role"] == "user"


async def test_an_administrator_s_key_is_none_for_this(app: FastAPI, admin: Person) -> None:
    _, key = await add_key(app, admin.caller)

    async with machine(app, key) as client:
        problem(await client.get(PATH), 403, "insufficient_scope")


async def test_accounts_are_listed_page_by_page_the_newest_first(
    admin: Person, person: Person, stranger: Person
) -> None:
    first = (await admin.browser.get(PATH, params={"limit": 1})).json()
    second = (await admin.browser.get(PATH, params={"limit": 1, "cursor": first["next_cursor"]})).json()

    assert [item["id"] for item in first["items"] + second["items"]] == [str(stranger.id), str(person.id)]
    assert first["items"][0] == {
        "id": str(stranger.id),
        "email": stranger.email,
        "name": "Ada",
        "role": "user",
        "created_at": first["items"][0]["created_at"],
        "disabled_at": None,
        "sessions": 1,
    }


async def found(admin: Person, query: str) -> list[str]:
    response = await admin.browser.get(PATH, params={"query": query, "limit": 100})
    assert response.status_code == 200, response.text
    return [item["id"] for item in response.json()["items"]]


async def rename(db: Database, person: Person, name: str) -> None:
    async with db.autocommit() as connection:
        await connection.execute(text("UPDATE users SET name = :name WHERE id = :id"), {"name": name, "id": person.id})


async def test_accounts_are_found_by_how_address_and_name_begin(admin: Person, person: Person, db: Database) -> None:
    unique = new_id().hex
    await rename(db, person, f"Grace {unique}")

    assert await found(admin, person.email[:-8].upper()) == [str(person.id)]
    assert await found(admin, f"gRACE {unique[:-2]}") == [str(person.id)]
    assert await found(admin, unique) == []
    assert str(person.id) in await found(admin, "")


@pytest.mark.parametrize("sign", ["%", "_", "\\", "/", "'", '"', "%%", "\\%"])
async def test_a_sign_stands_for_itself(
    admin: Person, person: Person, stranger: Person, db: Database, sign: str
) -> None:
    unique = new_id().hex
    await rename(db, person, f"{unique}{sign}x")
    await rename(db, stranger, f"{unique}yx")

    assert await found(admin, f"{unique}{sign}") == [str(person.id)]
    assert await found(admin, f"{sign}{unique}") == []


async def test_a_search_can_t_be_what_no_name_has(admin: Person) -> None:
    problem(await admin.browser.get(PATH, params={"query": "a\0"}), 400, "invalid_request")
    problem(await admin.browser.get(PATH, params={"query": "a" * 255}), 400, "invalid_request")


async def test_disabling_ends_sessions_and_keys_for_good(
    app: FastAPI, admin: Person, person: Person, db: Database
) -> None:
    key_id, key = await add_key(app, person.caller)
    async with machine(app, key) as client:
        body = (await update(admin, person, disabled=True)).json()

        problem(await client.get("/api/v1/tasks"), 401, "unauthenticated")
        problem(await person.browser.get("/api/v1/me"), 401, "unauthenticated")
        assert body["disabled_at"]
        assert body["sessions"] == 0

        assert (await update(admin, person, disabled=True)).json() == body
        assert (await update(admin, person, disabled=False)).json()["disabled_at"] is None
        problem(await client.get("/api/v1/tasks"), 401, "unauthenticated")
        problem(await person.browser.get("/api/v1/me"), 401, "unauthenticated")
    assert await rows(db, person) == [
        ("user_disabled", admin.id, {}),
        ("session_ended", admin.id, {"session": str(person.caller.credential_id)}),
        ("key_revoked", admin.id, {"key": str(key_id)}),
        ("user_enabled", admin.id, {}),
    ]


async def test_another_role_holds_at_once(admin: Person, person: Person, db: Database) -> None:
    assert (await update(admin, person, role="admin")).json()["role"] == "admin"
    assert (await update(admin, person, role="admin")).status_code == 200

    # the token says another role: a refresh gives one with this
    problem(await person.browser.get(PATH), 401, "unauthenticated")
    assert (await person.browser.post("/api/v1/auth/refresh")).status_code == 204
    assert (await person.browser.get(PATH)).status_code == 200

    await update(admin, person, role="user")
    problem(await person.browser.get(PATH), 401, "unauthenticated")
    assert (await person.browser.post("/api/v1/auth/refresh")).status_code == 204
    problem(await person.browser.get(PATH), 404, "not_found")
    assert await rows(db, person) == [
        ("role_changed", admin.id, {"before": "user", "after": "admin"}),
        ("role_changed", admin.id, {"before": "admin", "after": "user"}),
    ]


@pytest.mark.parametrize("change", [{"disabled": True}, {"role": "user"}, {"role": "user", "disabled": False}])
async def test_nobody_takes_their_own_role(admin: Person, change: dict[str, Any]) -> None:
    problem(await update(admin, admin, **change), 409, "own_account")

    assert (await admin.browser.get(PATH)).status_code == 200


async def test_two_who_take_each_other_s_role_leave_one(app: FastAPI, admin: Person) -> None:
    for _ in range(5):
        async with register(app, role="admin") as one, register(app, role="admin") as other:
            responses = await asyncio.gather(update(one, other, role="user"), update(other, one, disabled=True))

            done, refused = sorted(response.status_code for response in responses)
            assert done == 200
            assert refused in {401, 404}


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({}, "", "nothing_to_change"),
        ({"role": None, "disabled": None}, "", "nothing_to_change"),
        ({"role": "root"}, "/role", "literal_error"),
        ({"disabled": "yes"}, "/disabled", "bool_type"),
    ],
)
async def test_what_is_no_change(
    admin: Person, person: Person, change: dict[str, Any], pointer: str, code: str
) -> None:
    body = problem(await update(admin, person, **change), 422, "invalid_body")

    assert [(error["pointer"], error["code"]) for error in body["errors"]] == [(pointer, code)]


async def test_an_unknown_account_is_404(admin: Person) -> None:
    problem(await admin.browser.patch(f"{PATH}/{new_id()}", json={"disabled": True}), 404, "not_found")
    problem(await admin.browser.delete(f"{PATH}/{new_id()}/sessions"), 404, "not_found")


async def test_ending_sessions_signs_out_and_leaves_the_keys(
    app: FastAPI, admin: Person, person: Person, db: Database
) -> None:
    _, key = await add_key(app, person.caller)

    assert (await admin.browser.delete(f"{PATH}/{person.id}/sessions")).status_code == 204

    problem(await person.browser.get("/api/v1/me"), 401, "unauthenticated")
    problem(await person.browser.post("/api/v1/auth/refresh"), 401, "session_revoked")
    async with machine(app, key) as client:
        assert (await client.get("/api/v1/tasks")).status_code == 200
    assert await rows(db, person) == [
        ("session_ended", admin.id, {"session": str(person.caller.credential_id)}),
    ]
