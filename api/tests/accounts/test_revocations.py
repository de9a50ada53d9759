"""What a valid access token is still refused for, and what it costs to know that."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from time import monotonic
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.requests import HTTPConnection

from app.accounts.authentication import Authentication
from app.accounts.revocations import Revocations
from app.accounts.tokens import Claims
from app.core.caller import Role
from app.core.db import Database
from app.core.errors import Unauthenticated
from app.core.ids import new_id
from app.main import create_app
from app.settings import Settings
from tests.people import Person, browser
from tests.problems import problem

ME = "/api/v1/me"


@pytest.fixture
def authentication(app: FastAPI) -> Authentication:
    authentication: Authentication = app.state.authentication
    return authentication


@pytest.fixture
async def elsewhere(settings: Settings) -> AsyncIterator[FastAPI]:
    """Another process of the API, as far as memory goes."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


async def until(holds: Any, within: float = 10.0) -> float:
    """Waits for what `holds` says. Gives the seconds."""
    began = monotonic()
    while not await holds():
        assert monotonic() - began < within
        await asyncio.sleep(0.02)
    return monotonic() - began


async def sql(db: Database, statement: str, **values: Any) -> None:
    async with db.autocommit() as connection:
        await connection.execute(text(statement), values)


def request_of(person: Person, settings: Settings, db: object) -> HTTPConnection:
    """A request whose app has this database."""
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in person.browser.cookies.jar)
    app = SimpleNamespace(state=SimpleNamespace(settings=settings, db=db))
    headers = [(b"cookie", cookies.encode())]
    return HTTPConnection({"type": "http", "method": "GET", "headers": headers, "app": app, "client": ("::1", 1)})


async def test_a_valid_token_costs_no_query(
    person: Person, authentication: Authentication, settings: Settings, db: Database
) -> None:
    await authentication.revocations.read(db)

    caller = await authentication.authenticate(request_of(person, settings, db=None))

    assert caller == person.caller


async def test_while_revocations_can_t_be_read_the_database_is_asked(
    person: Person, settings: Settings, db: Database
) -> None:
    alone = Authentication(settings)
    assert await alone.authenticate(request_of(person, settings, db)) == person.caller
    await sql(db, "DELETE FROM sessions WHERE id = :id", id=person.caller.credential_id)

    with pytest.raises(Unauthenticated):
        await alone.authenticate(request_of(person, settings, db))


async def test_a_sign_out_holds_in_every_process(person: Person, elsewhere: FastAPI) -> None:
    async with browser(elsewhere) as other:
        other.cookies.update(dict(person.browser.cookies))

        async def is_refused() -> bool:
            return (await other.get(ME)).status_code == 401

        assert not await is_refused()
        await person.browser.post("/api/v1/auth/logout")
        assert await until(is_refused) < 5  # a second, on a machine that isn't busy


async def test_a_process_that_starts_knows_what_ended_before(person: Person, settings: Settings, db: Database) -> None:
    await person.browser.post("/api/v1/auth/logout")
    late = Revocations(settings.auth.access_token_ttl)

    await late.read(db)

    assert late.has_ended(person.caller.credential_id)


async def test_a_new_role_needs_a_new_token(person: Person, authentication: Authentication, db: Database) -> None:
    async with db.transaction() as tx:
        await tx.execute(text("UPDATE users SET role = 'admin' WHERE id = :id"), {"id": person.id})
        await authentication.revocations.change_role(tx, person.id, "admin")

    problem(await person.browser.get(ME), 401, "unauthenticated")
    assert (await person.browser.post("/api/v1/auth/refresh")).status_code == 204
    assert (await person.browser.get(ME)).json()["role"] == "admin"


async def test_the_newest_role_holds_whatever_is_read_again(
    person: Person, authentication: Authentication, db: Database
) -> None:
    roles: list[Role] = ["admin", "user"]
    for role in roles:
        async with db.transaction() as tx:
            await authentication.revocations.change_role(tx, person.id, role)
    await authentication.revocations.read(db)

    assert (await person.browser.get(ME)).status_code == 200


async def test_what_is_rolled_back_revokes_nothing(
    person: Person, authentication: Authentication, db: Database
) -> None:
    async def fails() -> None:
        async with db.transaction() as tx:
            await authentication.sessions.end(tx, user_id=person.id)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()

    await authentication.revocations.read(db)
    assert (await person.browser.get(ME)).status_code == 200


async def test_ending_the_others_leaves_one(
    app: FastAPI, person: Person, authentication: Authentication, db: Database, client: httpx.AsyncClient
) -> None:
    origin = SimpleNamespace(address="", user_agent="", request_id="")
    async with db.transaction() as tx:
        second = await authentication.sessions.start(tx, user_id=person.id, origin=origin, method="password")  # type: ignore[arg-type]
    client.cookies.set(authentication.cookies.access, second.pair.access_token)
    async with db.transaction() as tx:
        ended = await authentication.sessions.end(tx, user_id=person.id, except_id=second.session_id)

    assert ended == [person.caller.credential_id]
    problem(await person.browser.get(ME), 401, "unauthenticated")
    assert (await client.get(ME)).status_code == 200


async def test_it_is_forgotten_when_no_token_can_be_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr("app.accounts.revocations.monotonic", lambda: now)
    revocations = Revocations(timedelta(minutes=5))
    first, second = new_id(), new_id()
    revocations.note_ended([first])
    now += 120
    revocations.note_ended([second, first])
    now += 300
    revocations.note_ended([new_id()])

    revocations._forget()

    assert not revocations.has_ended(first)
    assert revocations.refuses(Claims(new_id(), second))


async def test_uses_are_noted_behind_the_request(person: Person, db: Database, authentication: Authentication) -> None:
    await sql(db, "UPDATE sessions SET last_used_at = '2020-01-01' WHERE id = :id", id=person.caller.credential_id)
    await person.browser.get(ME)

    async def noted() -> bool:
        query = "SELECT 1 FROM sessions WHERE id = :id AND used_counter = 1 AND last_used_at > '2021-01-01'"
        async with db.autocommit() as connection:
            found = await connection.execute(text(query), {"id": person.caller.credential_id})
            return found.scalar() == 1

    await until(noted)
