"""What a key opens over a real connection, and that it closes with the key."""

from collections.abc import AsyncIterator
from time import monotonic
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from websockets.exceptions import InvalidStatus

from tests.api_keys.machines import add_key
from tests.people import Person
from tests.server import Server, serve
from tests.streams.socket import socket

ELSEWHERE = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
NOT_AT_ONCE = 5.0  # it is a second, on a machine that isn't busy


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[Server]:
    async with serve() as server:
        yield server


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


async def test_what_a_key_opened_closes_with_it(app: FastAPI, server: Server, person: Person) -> None:
    key_id, key = await add_key(app, person.caller)
    _, other_key = await add_key(app, person.caller)
    task = await person.create_task()
    address = f"/api/v1/tasks/{task['id']}/stream"

    async with (
        httpx.AsyncClient(base_url=server.url, timeout=20, headers=ELSEWHERE) as client,
        client.stream("GET", address, headers=bearer(key)) as watched,
        client.stream("GET", address, headers=bearer(other_key)) as kept,
        socket(server, None, origin=ELSEWHERE["Origin"], headers=bearer(key)) as events,
    ):
        lines = watched.aiter_lines()
        await anext(lines)
        await events.subscribe(f"task:{task['id']}")
        await events.until("snapshot")

        assert (await person.browser.delete(f"/api/v1/api-keys/{key_id}")).status_code == 204

        began = monotonic()
        watching = await whole(lines)
        assert await events.closed() == 4401
        assert monotonic() - began < NOT_AT_ONCE
        assert not {"event: task_finished", "event: task_missing"} & set(watching)
        assert (await client.get(address, headers=bearer(key))).status_code == 401
        await person.browser.post(f"/api/v1/tasks/{task['id']}/cancel")
        assert "event: task_finished" in await whole(kept.aiter_lines())


async def whole(lines: Any) -> list[str]:
    return [line async for line in lines]


@pytest.mark.parametrize(("scopes", "status"), [(["tasks:write", "design"], 403), (["tasks:read"], None)])
async def test_a_socket_needs_the_scope(
    app: FastAPI, server: Server, person: Person, scopes: list[str], status: int | None
) -> None:
    _, key = await add_key(app, person.caller, scopes)

    try:
        async with socket(server, None, origin=None, headers=bearer(key)) as events:
            await events.until("welcome")
        found = None
    except InvalidStatus as refused:
        found = refused.response.status_code

    assert found == status


async def test_a_socket_is_refused_with_a_key_that_is_none(server: Server, person: Person) -> None:
    with pytest.raises(InvalidStatus) as caught:
        async with socket(server, person, headers={"Authorization": "Bearer slp_x"}):
            pass

    assert caught.value.response.status_code == 401
    assert caught.value.response.headers["WWW-Authenticate"] == "Bearer"
