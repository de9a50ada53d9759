"""What a key is good for."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.requests import HTTPConnection

from app.accounts.revocations import Revocations
from app.api_keys.authentication import ApiKeys
from app.api_keys.keys import new_key
from app.api_keys.uses import Uses
from app.core.db import Database
from app.core.errors import Unauthenticated
from app.settings import Settings
from tests.api_keys.machines import add_key, machine
from tests.people import Person
from tests.problems import problem

ELSEWHERE = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
TASKS = "/api/v1/tasks"


@pytest.fixture
async def script(app: FastAPI, person: Person) -> AsyncIterator[httpx.AsyncClient]:
    """A machine that acts for the person, from another site."""
    _, key = await add_key(app, person.caller)
    async with machine(app, key, **ELSEWHERE) as client:
        yield client


def refused(response: httpx.Response) -> None:
    problem(response, 401, "unauthenticated")
    assert response.headers["www-authenticate"] == "Bearer"


async def test_a_key_is_enough_whatever_the_origin(script: httpx.AsyncClient, person: Person) -> None:
    task = (await script.post(TASKS, json={"prompt": "A choir"})).json()

    assert (await person.browser.get(f"{TASKS}/{task['id']}")).json()["prompt"] == "A choir"
    assert (await script.post(f"{TASKS}/{task['id']}/cancel")).status_code == 202
    stream = await script.get(f"{TASKS}/{task['id']}/stream")
    assert "task_finished" in stream.text
    assert (await script.delete(f"{TASKS}/{task['id']}")).status_code == 204


@pytest.mark.parametrize(
    "given",
    [
        "",
        "slp_",
        "x",
        "slp_" + "0" * 46,
        "{key}0",
        "0{key}",
        "{key}\xe4",
        "{key} {key}",
        "{key},{key}",
        "{KEY}",
        "\xff",
    ],
)
async def test_what_is_no_key_is_refused(app: FastAPI, person: Person, given: str) -> None:
    _, key = await add_key(app, person.caller)
    sent = given.format(key=key, KEY=key.upper()).encode("latin-1")

    refused(await person.browser.get(TASKS, headers=[(b"Authorization", b"Bearer " + sent)]))


async def test_an_unknown_key_is_refused(app: FastAPI) -> None:
    async with machine(app, new_key()) as client:
        refused(await client.get(TASKS))


async def test_two_keys_are_none(app: FastAPI, person: Person) -> None:
    keys = [(await add_key(app, person.caller))[1] for _ in range(2)]

    headers = [("Authorization", f"Bearer {key}") for key in keys]
    refused(await person.browser.get(TASKS, headers=headers))


async def test_a_key_expires(app: FastAPI, person: Person) -> None:
    _, key = await add_key(app, person.caller, expires_at=datetime.now(UTC) - timedelta(seconds=1))

    async with machine(app, key) as client:
        refused(await client.get(TASKS))


async def test_a_key_of_somebody_disabled_is_refused(app: FastAPI, person: Person, db: Database) -> None:
    _, key = await add_key(app, person.caller)
    async with db.autocommit() as connection:
        await connection.execute(text("UPDATE users SET disabled_at = now() WHERE id = :id"), {"id": person.id})

    async with machine(app, key) as client:
        refused(await client.get(TASKS))


async def test_a_key_decides_whatever_cookie_comes_with_it(app: FastAPI, person: Person, stranger: Person) -> None:
    task = await person.create_task()
    _, key = await add_key(app, stranger.caller)
    address = f"{TASKS}/{task['id']}"

    problem(await person.browser.get(address, headers={"Authorization": f"Bearer {key}"}), 404, "not_found")
    problem(
        await person.browser.get("/api/v1/me", headers={"Authorization": f"Bearer {key}"}), 403, "insufficient_scope"
    )
    refused(await person.browser.get(address, headers={"Authorization": "Bearer garbage"}))


async def test_another_scheme_is_somebody_else_s(person: Person) -> None:
    response = await person.browser.get(TASKS, headers={"Authorization": "Basic b3R0ZXI6b3R0ZXI="})

    assert response.status_code == 200


async def test_the_scheme_s_case_doesn_t_matter(app: FastAPI, person: Person, client: httpx.AsyncClient) -> None:
    _, key = await add_key(app, person.caller)

    assert (await client.get(TASKS, headers={"Authorization": f"bEARER  {key}"})).status_code == 200


async def last_used(db: Database, key_id: UUID) -> Any:
    async with db.autocommit() as connection:
        found = await connection.execute(text("SELECT last_used_at FROM api_keys WHERE id = :id"), {"id": key_id})
    return found.scalar_one()


async def test_a_use_is_noted(app: FastAPI, person: Person, db: Database) -> None:
    key_id, key = await add_key(app, person.caller)

    async with machine(app, key) as client:
        await client.get(TASKS)

    async with asyncio.timeout(5):
        while await last_used(db, key_id) is None:  # noqa: ASYNC110 - a row tells nobody
            await asyncio.sleep(0.02)


async def test_uses_are_written_once_a_minute(app: FastAPI, person: Person, db: Database) -> None:
    key_id, _ = await add_key(app, person.caller)
    mine, other_process = Uses(), Uses()

    async def use(uses: Uses) -> Any:
        uses.note(key_id)
        await uses.write(db)
        return await last_used(db, key_id)

    first = await use(mine)
    assert first is not None
    assert await use(mine) == await use(other_process) == first

    async with db.autocommit() as connection:
        earlier = "UPDATE api_keys SET last_used_at = now() - interval '61 s' WHERE id = :id"
        await connection.execute(text(earlier), {"id": key_id})
    assert await use(Uses()) > first - timedelta(seconds=61)


def request_with(key: str, db: object) -> HTTPConnection:
    """A request whose app has this database."""
    app = SimpleNamespace(state=SimpleNamespace(db=db))
    headers = [(b"authorization", f"Bearer {key}".encode())]
    return HTTPConnection({"type": "http", "method": "GET", "headers": headers, "app": app})


async def test_a_key_that_is_known_costs_no_query(app: FastAPI, person: Person, db: Database) -> None:
    key_id, key = await add_key(app, person.caller)
    api_keys: ApiKeys = app.state.api_keys
    await api_keys.revocations.read(db)
    first = await api_keys.authenticate(request_with(key, db))

    assert await api_keys.authenticate(request_with(key, db=None)) == first

    await person.browser.delete(f"/api/v1/api-keys/{key_id}")
    with pytest.raises(Unauthenticated):
        await api_keys.authenticate(request_with(key, db))


async def test_a_key_is_not_known_for_longer_than_it_is_good(app: FastAPI, person: Person, db: Database) -> None:
    _, key = await add_key(app, person.caller, expires_at=datetime.now(UTC) + timedelta(seconds=0.6))
    api_keys: ApiKeys = app.state.api_keys
    await api_keys.authenticate(request_with(key, db))

    async def goes_on() -> None:
        while True:
            await api_keys.authenticate(request_with(key, db))
            await asyncio.sleep(0.02)

    with pytest.raises(Unauthenticated):
        await asyncio.wait_for(goes_on(), 5)


async def test_while_revocations_can_t_be_read_the_database_is_asked(
    app: FastAPI, settings: Settings, person: Person, db: Database
) -> None:
    key_id, key = await add_key(app, person.caller)
    alone = ApiKeys(settings, Revocations(settings.auth.access_token_ttl))
    await alone.authenticate(request_with(key, db))
    async with db.autocommit() as connection:
        await connection.execute(text("DELETE FROM api_keys WHERE id = :id"), {"id": key_id})

    with pytest.raises(Unauthenticated):
        await alone.authenticate(request_with(key, db))
