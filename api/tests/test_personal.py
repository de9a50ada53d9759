"""One's own data: an export has all of it, and an erasure leaves none in either store."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from pydantic_core import to_jsonable_python
from redis.asyncio import Redis
from sqlalchemy import text

from app.accounts.authentication import Authentication
from app.accounts.passwords import Passwords
from app.core.db import Base, Database
from app.core.ids import new_id
from app.core.limits import Limiter
from app.core.valkey import connect
from app.personal import HELD
from app.settings import Settings
from app.streams.log import key_of
from tests.canaries import found, mark_of, plant, scan, set_method
from tests.people import Person, register
from tests.problems import problem
from tests.processes import own_valkey

PASSWORD = "slow rivers carve deep"
NOT_HELD = {"revocations": "ids of credentials that have ended, for as long as an access token is good"}
SECRET = ("hash", "sealed", "secret", "fingerprint")


@pytest.fixture
async def ada(app: FastAPI, person: Person) -> Person:
    """Somebody who knows their password."""
    authentication: Authentication = app.state.authentication
    hashed = await authentication.passwords.hash(PASSWORD)
    async with app.state.db.transaction() as tx:
        await tx.execute(
            text("UPDATE users SET password_hash = :hashed WHERE id = :id"), {"hashed": hashed, "id": person.id}
        )
    return person


@pytest.fixture
def mark() -> str:
    return f"canary{new_id().hex}"


async def erase(person: Person, password: str | None = PASSWORD, **headers: str) -> httpx.Response:
    return await person.browser.request("DELETE", "/api/v1/me", json={"password": password}, headers=headers)


def test_every_column_of_every_table_is_exported_or_has_a_reason() -> None:
    held = {each.name: each for each in HELD}

    assert held.keys() | NOT_HELD.keys() == Base.metadata.tables.keys()
    for name, each in held.items():
        columns = Base.metadata.tables[name].columns.keys()
        assert each.withheld.keys() <= set(columns)
        assert all(each.withheld.values())
        assert {column for column in columns if any(word in column for word in SECRET)} <= each.withheld.keys()


async def test_an_export_has_everything_but_secrets(app: FastAPI, ada: Person, stranger: Person, mark: str) -> None:
    planted = await plant(app, ada, mark)
    await plant(app, stranger, "somebodyelse")

    response = await ada.browser.get("/api/v1/me/export")

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.headers["content-disposition"].startswith('attachment; filename="slipstream-')
    data: dict[str, list[dict[str, Any]]] = response.json()["data"]
    withheld = {each.name: each.withheld for each in HELD}
    for table, values in planted:
        shown = {name: value for name, value in values.items() if name not in withheld[table.name]}
        rows = [{name: row[name] for name in shown} for row in data[table.name]]
        assert to_jsonable_python(shown) in rows, table.name
        for name in withheld[table.name]:
            assert mark_of(mark, table.columns[name]) not in response.text
    assert [user["name"] for user in data["users"]] == [f"{mark}-users-name"]
    assert PASSWORD not in response.text
    assert "somebodyelse" not in response.text
    assert str(stranger.id) not in response.text


async def test_an_export_is_read_in_pages(ada: Person, db: Database) -> None:
    async with db.transaction() as tx:
        await tx.execute(
            text("""INSERT INTO tasks (id, owner_id, kind, prompt, fingerprint)
                    SELECT gen_random_uuid(), :owner, 'project_plan', n, '' FROM generate_series(1, 125) n"""),
            {"owner": ada.id},
        )

    tasks = (await ada.browser.get("/api/v1/me/export")).json()["data"]["tasks"]

    assert sorted(int(task["prompt"]) for task in tasks) == list(range(1, 126))


async def test_what_somebody_else_did_is_exported_without_where_they_were(app: FastAPI, ada: Person) -> None:
    async with register(app, "admin") as admin:
        disabled = await admin.browser.patch(
            f"/api/v1/admin/users/{ada.id}", json={"role": "user"}, headers={"User-Agent": "the-admins-browser"}
        )
        assert disabled.status_code == 200, disabled.text

    response = await ada.browser.get("/api/v1/me/export")

    assert "the-admins-browser" not in response.text


async def test_an_export_is_noted(ada: Person, db: Database) -> None:
    await ada.browser.get("/api/v1/me/export")

    async with db.autocommit() as connection:
        query = text("SELECT count(*) FROM audit_events WHERE action = 'data_exported' AND user_id = :id")
        assert await connection.scalar(query, {"id": ada.id}) == 1


async def test_an_erasure_leaves_nothing_but_an_id(
    app: FastAPI, ada: Person, stranger: Person, valkey: Redis, mark: str
) -> None:
    await plant(app, ada, mark)
    await plant(app, stranger, other := f"{new_id().hex}-other")
    theirs = await found(valkey, other, stranger.email)
    before = await found(valkey, mark, ada.email)
    assert before >= {each.name for each in HELD} - {"audit_events", "feed_heads", "task_quotas"}, "all are planted"
    assert len([place for place in before if ":" in place]) >= 2, "in Valkey, too"
    limits = [key async for key, _ in scan(valkey) if b":limit:" in key]

    response = await erase(ada)

    assert response.status_code == 204
    assert await found(valkey, mark, ada.email) == set()
    assert {place for place in await found(valkey, str(ada.id)) if ":" not in place} <= {"audit_events", "revocations"}
    assert len([key async for key, _ in scan(valkey) if b":limit:" in key]) < len(limits)
    gone = {cookie.split("=")[0] for cookie in response.headers.get_list("set-cookie") if "Max-Age=0" in cookie}
    assert len(gone) == 2
    problem(await ada.browser.get("/api/v1/me"), 401, "unauthenticated")
    assert await found(valkey, other, stranger.email) == theirs


async def test_who_watches_a_task_of_an_erased_account_is_sent_away(app: FastAPI, ada: Person, valkey: Redis) -> None:
    task = await ada.create_task()

    assert (await erase(ada)).status_code == 204

    entries: Any = await valkey.xrange(key_of(UUID(task["id"])))
    assert [list(fields) for _, fields in entries] == [[b"tombstone"]]


async def test_an_erasure_is_one_row_of_the_audit_log_without_details(ada: Person, db: Database) -> None:
    await erase(ada)

    async with db.autocommit() as connection:
        rows = await connection.execute(
            text("""SELECT action, event_id FROM audit_events e LEFT JOIN audit_details d ON d.event_id = e.id
                    WHERE e.user_id = :id ORDER BY e.id"""),
            {"id": ada.id},
        )
        assert ("account_erased", None) in [tuple(row) for row in rows]


async def test_a_wrong_password_erases_nothing_and_counts_as_a_guess(
    ada: Person, stranger: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Passwords, "verify", AsyncMock(return_value=(False, None)))  # ten hashes take a second
    for _ in range(10):
        problem(await erase(ada, "not the right one"), 403, "wrong_password")

    problem(await erase(ada), 429, "rate_limited")
    assert (await ada.browser.get("/api/v1/me")).status_code == 200
    body = {"email": ada.email, "password": PASSWORD}
    problem(await stranger.browser.post("/api/v1/auth/login", json=body), 429, "rate_limited")  # the same count


@pytest.mark.parametrize(
    ("method", "minutes", "is_enough"),
    [("password", 0, False), ("oauth:oidc", 0, False), ("oauth:oidc:fresh", 6, False), ("oauth:oidc:fresh", 4, True)],
)
async def test_without_a_password_a_fresh_sign_in_at_the_provider_will_do(
    app: FastAPI, person: Person, *, method: str, minutes: int, is_enough: bool
) -> None:
    await set_method(app, person, method, timedelta(minutes=minutes))

    response = await erase(person, None)

    if is_enough:
        assert response.status_code == 204
    else:
        problem(response, 403, "fresh_sign_in_needed")


async def test_another_site_erases_nothing(ada: Person) -> None:
    problem(await erase(ada, **{"Sec-Fetch-Site": "cross-site"}), 403, "cross_site")


async def test_who_was_erased_by_another_process_a_moment_ago_is_not_signed_in(ada: Person, db: Database) -> None:
    async with db.transaction() as tx:
        await tx.execute(text("DELETE FROM users WHERE id = :id"), {"id": ada.id})

    problem(await ada.browser.post("/api/v1/tasks", json={"prompt": "x"}), 401, "unauthenticated")
    problem(await ada.browser.get("/api/v1/me/export"), 401, "unauthenticated")
    problem(await ada.browser.patch("/api/v1/me", json={"name": "x"}), 401, "unauthenticated")
    problem(await erase(ada), 401, "unauthenticated")


async def test_nothing_is_erased_while_not_everything_can_be(
    app: FastAPI, ada: Person, valkey: Redis, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with own_valkey(valkey, tmp_path) as own, connect(own.url, timeout=1) as store:
        monkeypatch.setitem(app.state._state, "limiter", Limiter(store, settings.limits, "k" * 32))
        await own.kill()

        problem(await erase(ada), 503, "unavailable")

    assert (await ada.browser.get("/api/v1/me")).status_code == 200


async def test_a_name_is_changed(person: Person, stranger: Person) -> None:
    response = await person.browser.patch("/api/v1/me", json={"name": "  Ada Lovelace "})

    assert response.status_code == 200
    assert response.json()["name"] == "Ada Lovelace"
    assert (await person.browser.get("/api/v1/me")).json() == response.json()
    assert (await stranger.browser.get("/api/v1/me")).json()["name"] == "Ada"


@pytest.mark.parametrize("body", [{"name": " "}, {"name": "x" * 101}, {"name": None}, {}, {"name": "a\0"}])
async def test_a_name_that_is_none_is_refused(person: Person, body: dict[str, Any]) -> None:
    response = await person.browser.patch("/api/v1/me", json=body)

    assert [error["pointer"] for error in problem(response, 422, "invalid_body")["errors"]] == ["/name"]


async def test_nothing_else_can_be_changed_so(person: Person) -> None:
    body = {"name": "Ada", "role": "admin", "email": "other@example.com", "id": str(new_id())}

    user = (await person.browser.patch("/api/v1/me", json=body)).json()

    assert (user["role"], user["email"], user["id"]) == ("user", person.email, str(person.id))
