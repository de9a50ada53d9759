"""Who may call what: every operation of the contract, called by everybody who might try.

An operation without a row in `tests.access.ACCESS` fails. ACCESS_AT=http://127.0.0.1:8000 tries an API that runs there,
on the stores of these settings, instead of the app in this process.
"""

import os
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from app.core.db import Database
from app.settings import Settings
from tests.access import ACCESS, Cast, Door, Headers, World, admitted, door, refused
from tests.operations import OPERATIONS, Operation
from tests.server import serve

BY_NAME = {operation.name: operation for operation in OPERATIONS}
OF_ONE_S_OWN = {name for name, row in ACCESS.items() if row.who == "session" and row.id is None}
CALLS = [pytest.param(operation, id=operation.name) for operation in OPERATIONS]


@pytest.fixture(scope="module")
async def here(app: FastAPI, settings: Settings) -> AsyncIterator[Door]:
    """The app in this process, or wherever ACCESS_AT says."""
    elsewhere = os.environ.get("ACCESS_AT")
    transport = None if elsewhere else httpx.ASGITransport(app=app)
    async with door(elsewhere or settings.app.site_url, transport) as found:
        yield found


@pytest.fixture(scope="module")
def world(db: Database, settings: Settings) -> World:
    return World(db, settings)


@pytest.fixture(scope="module")
async def cast(world: World, here: Door) -> Cast:
    """Those who are refused change nothing, so they can share it."""
    cast = Cast(await world.someone(), await world.someone(), await world.someone("admin"), await world.someone())
    disabling = BY_NAME["updateUser"]
    response = await here.call(disabling, cast.admin.session, thing=cast.disabled.ids["user"], body={"disabled": True})
    assert response.status_code == 200, response.text
    return cast


def test_every_operation_has_its_row() -> None:
    assert ACCESS.keys() == BY_NAME.keys()


@pytest.mark.parametrize("operation", CALLS)
def test_the_contract_says_the_same(operation: Operation) -> None:
    row = ACCESS[operation.name]
    ways = {scheme: need for way in operation.document["security"] for scheme, need in way.items()}

    assert ways.get("apiKey") == ([row.scope] if row.scope else None)
    assert ways.get("session") == {"session": [], "admin": ["admin"]}.get(row.who)
    assert ("refresh" in ways) == (row.who == "refresh")
    assert bool(ways) == (row.who != "anybody")
    assert ("{id}" in operation.path) == (row.id is not None)


async def refuses(at: Door, operation: Operation, site: Headers, cast: Cast) -> None:
    """Fails where somebody is let in who may not, or learns something."""
    row = ACCESS[operation.name]
    thing = cast.owner.ids[row.id] if row.id else None
    for who in refused(row, cast, site):
        response = await at.call(operation, who.headers, thing=thing, body=row.body or operation.body())
        assert response.status_code == who.status, f"{who.name}: {response.text}"
        assert response.json()["code"] == who.code, f"{who.name}: {response.text}"
        assert (response.status_code == 401) == ("www-authenticate" in response.headers) or row.who == "refresh"
        assert cast.owner.name not in response.text, who.name


@pytest.mark.parametrize("operation", CALLS)
async def test_nobody_else_gets_in(here: Door, operation: Operation, world: World, cast: Cast) -> None:
    before = await world.state(*cast)

    await refuses(here, operation, world.site, cast)

    assert await world.state(*cast) == before


async def test_nobody_else_gets_in_at_the_port_either(world: World, cast: Cast) -> None:
    before = await world.state(*cast)

    async with serve() as server, door(server.url) as there:
        for operation in OPERATIONS:
            await refuses(there, operation, world.site, cast)

    assert await world.state(*cast) == before


@pytest.mark.parametrize("operation", CALLS)
async def test_who_may_gets_in(here: Door, operation: Operation, world: World, cast: Cast) -> None:
    row = ACCESS[operation.name]
    found = set()
    for way in range(row.ways):
        owner = await world.someone()  # what they do can't always be done twice
        name, headers = list(admitted(row, owner, cast, world.site))[way]
        response = await here.call(operation, headers, thing=owner.ids[row.id] if row.id else None, body=row.body)
        assert str(response.status_code) in operation.document["responses"], f"{name}: {response.text}"
        found.add((response.status_code, response.json()["code"] if response.status_code > 399 else None))

    [(status, code)] = found  # the same for all of them
    if row.who == "anybody":
        assert status != 429
    elif status > 399:
        assert code == row.told or (code == "invalid_body" and not row.body)


@pytest.mark.parametrize("operation", [call for call in CALLS if call.id in OF_ONE_S_OWN])
async def test_another_user_gets_their_own_only(here: Door, operation: Operation, world: World) -> None:
    row = ACCESS[operation.name]
    stranger = await world.someone()
    owner = await world.someone()  # what is newest comes first in every list
    before = await world.state(owner)

    for headers in [stranger.session, *([stranger.keys[row.scope]] if row.scope else [])]:
        response = await here.call(operation, headers, body=row.body)
        assert owner.name not in response.text
        assert str(owner.caller.user_id) not in response.text
    assert await world.state(owner) == before
