"""Who may have a design written."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from tests.api_keys.machines import add_key
from tests.design.reading import KEY, PROMPT, Asking, Reading
from tests.design.test_design import Model
from tests.generators.endpoint import Endpoint
from tests.people import Person
from tests.problems import problem
from tests.server import Server

PATHS = ["/api/design", "/api/design/stream"]
HEADER = "X-Streaming-Proxy-Key"
ELSEWHERE = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}


@pytest.fixture
async def machine(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without a session."""
    async with httpx.AsyncClient(base_url=server.url, timeout=20) as machine:
        yield machine


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("headers", [{}, ELSEWHERE])
async def test_the_key_is_enough_wherever_it_comes_from(
    machine: httpx.AsyncClient, model: Endpoint, path: str, headers: dict[str, str]
) -> None:
    response = await machine.post(path, json=PROMPT, headers={**headers, HEADER: KEY})

    assert response.status_code == 200
    assert "a library" in response.text


@pytest.mark.parametrize("path", PATHS)
async def test_an_api_key_for_designs_is_enough_too(
    app: FastAPI, machine: httpx.AsyncClient, model: Endpoint, person: Person, path: str
) -> None:
    for scopes, status in ((["design"], 200), (["tasks:read", "tasks:write"], 403)):
        _, key = await add_key(app, person.caller, scopes)
        headers = {**ELSEWHERE, "Authorization": f"Bearer {key}"}
        assert (await machine.post(path, json=PROMPT, headers=headers)).status_code == status


async def test_a_design_ends_with_its_key(
    app: FastAPI, machine: httpx.AsyncClient, model: Endpoint, person: Person
) -> None:
    endless = Model("a")
    model.answers = [endless]
    key_id, key = await add_key(app, person.caller)

    async with machine.stream("POST", PATHS[1], json=PROMPT, headers={"Authorization": f"Bearer {key}"}) as response:
        reading = Reading(response)
        await reading.until("token")
        assert (await person.browser.delete(f"/api/v1/api-keys/{key_id}")).status_code == 204
        await reading.until("error")

    assert reading.events[-1]["code"] == "unavailable"
    await asyncio.wait_for(endless.closed.wait(), 5)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("key", [None, "", KEY[:-1], f"{KEY}0", KEY.upper(), "\xe4" * 32])
async def test_nothing_else_is(machine: httpx.AsyncClient, model: Endpoint, path: str, key: str | None) -> None:
    headers = [] if key is None else [(HEADER.encode(), key.encode("latin-1"))]

    problem(await machine.post(path, json=PROMPT, headers=headers), 401, "unauthenticated")


async def test_a_wrong_key_takes_nothing_from_a_session(asking: Asking, model: Endpoint) -> None:
    assert (await asking.whole(**{HEADER: "wrong"})).status_code == 200


async def test_a_session_is_good_on_the_site_only(asking: Asking, model: Endpoint) -> None:
    for headers in (ELSEWHERE, {**ELSEWHERE, HEADER: "wrong"}):
        problem(await asking.whole(**headers), 403, "cross_site")
        async with asking.stream(**headers) as reading:
            await reading.response.aread()
        problem(reading.response, 403, "cross_site")


@pytest.mark.parametrize("key", ["", "None", KEY])
async def test_where_no_key_is_set_the_header_opens_nothing(client: httpx.AsyncClient, key: str) -> None:
    for path in PATHS:
        problem(await client.post(path, json=PROMPT, headers={HEADER: key}), 401, "unauthenticated")


async def test_a_session_needs_no_key_to_be_set(person: Person) -> None:
    async with person.browser.stream("POST", "/api/design/stream", json={"prompt": ""}) as response:
        assert response.status_code == 422  # past the door
