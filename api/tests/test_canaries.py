"""What must never be in a log line: tokens, keys, passwords and codes, planted in every request that there is."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.operations import OPERATIONS
from tests.people import new_email
from tests.server import Server, serve

SITE = "http://localhost:3000"
PASSWORD = "canary of a password"
PLANTED = {
    "password": PASSWORD,
    "wrong password": "canary of a guess",
    "code": "canary-of-a-code",
    "state": "canary-of-a-state",
    "one-time link": "canary-of-a-link",
    "made-up access token": "eyJhbGciOiJub25lIn0.canary-of-an-access-token.x",
    "made-up refresh token": "0" * 32 + ".1." + "canary-of-a-refresh-token",
    "made-up API key": "slp_" + "canary-of-an-api-key",
    "proxy key": "canary-of-a-proxy-key",
    "header": "canary-of-a-basic-header",
}
REAL_PROXY_KEY = "the-real-canary-of-a-proxy-key"
QUERY = f"?code={PLANTED['code']}&state={PLANTED['state']}&token={PLANTED['one-time link']}&password={quote(PASSWORD)}"
# where a body has one of these the canary goes there
FIELDS = {
    "password": PASSWORD,
    "current_password": PLANTED["wrong password"],
    "new_password": PASSWORD,
    "token": PLANTED["one-time link"],
    "code": PLANTED["code"],
}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("canaries") / "api.log"


@pytest.fixture(scope="module")
async def server(log: Path) -> AsyncIterator[Server]:
    async with serve(log, LOG_LEVEL="DEBUG", STREAMING_PROXY_KEY=REAL_PROXY_KEY) as server:
        yield server


def planted(body: Any) -> Any:
    return body and {name: FIELDS.get(name, value) for name, value in body.items()}


async def ask(server: Server, **given: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=server.url, headers={"Origin": SITE}, timeout=20, **given)


async def live(server: Server) -> set[str]:
    """Somebody's whole life, with a machine of theirs. Gives the secrets that were made in it."""
    made: set[str] = set()
    email = new_email()
    async with await ask(server) as client:

        async def post(path: str, body: Any = None) -> httpx.Response:
            response = await client.post(f"/api/v1/{path}", json=body)
            made.update(client.cookies.values())
            return response

        known = {"email": email, "password": PASSWORD}
        assert (await post("auth/register", known | {"name": "Ada"})).status_code == 201
        assert (await post("auth/login", known | {"password": PLANTED["wrong password"]})).status_code == 401
        assert (await post("auth/login", known)).status_code == 200
        old = dict(client.cookies)
        assert (await post("auth/refresh")).status_code == 204
        assert (await client.get("/api/v1/me")).status_code == 200
        key = await post("api-keys", {"name": "CI", "scopes": ["tasks:read"], "expires_at": None})
        made.add(secret := key.json()["key"])
        await with_key(server, secret)
        await socket(server, {"Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items())})
        await socket(server, {"Authorization": f"Bearer {secret}"})
        assert (await post("auth/refresh")).status_code == 204
        client.cookies.update(old)  # a thief comes with an old one
        assert (await post("auth/refresh")).json()["code"] == "refresh_reused"
        await post("auth/logout")
    return made


async def with_key(server: Server, key: str) -> None:
    async with await ask(server) as machine:
        headers = {"Authorization": f"Bearer {key}"}
        assert (await machine.get("/api/v1/tasks", headers=headers)).status_code == 200
        assert (await machine.post("/api/v1/tasks", headers=headers, json={"prompt": "x"})).status_code == 403


async def socket(server: Server, headers: dict[str, str]) -> None:
    url = server.url.replace("http", "ws", 1) + "/ws/events" + QUERY
    async with connect(url, additional_headers=headers, origin=SITE) as connection:  # type: ignore[arg-type]
        assert json.loads(await connection.recv())["type"] == "welcome"
        await connection.send(json.dumps({"type": "subscribe", "topic": "feed", "cursor": None}))
        assert json.loads(await connection.recv())["type"] == "subscribed"


async def knock_everywhere(server: Server) -> None:
    """Every operation with a canary wherever there is room for one: nothing of it is right."""
    cookies = {
        "slipstream_access": PLANTED["made-up access token"],
        "slipstream_refresh": PLANTED["made-up refresh token"],
    }
    ways: tuple[dict[str, str], ...] = (
        {},
        {"Authorization": f"Bearer {PLANTED['made-up API key']}"},
        {"Authorization": f"Basic {PLANTED['header']}"},
        {"X-Streaming-Proxy-Key": PLANTED["proxy key"]},
        {"Origin": "https://evil.example"},
    )
    async with await ask(server, cookies=cookies) as client:
        for operation in OPERATIONS:
            for headers in ways:
                await client.request(
                    operation.method, operation.url() + QUERY, json=planted(operation.body()), headers=headers
                )
            bodies = (f'{{"password": "{PASSWORD}', f'["{PASSWORD}"]', f'{{"password": ["{PASSWORD}"]}}')
            for broken in bodies if operation.takes_body else ():
                json_type = {"Content-Type": "application/json"}
                await client.request(operation.method, operation.url() + QUERY, content=broken, headers=json_type)
    with pytest.raises(InvalidStatus):
        await socket(server, {"Cookie": f"slipstream_access={PLANTED['made-up access token']}"})


@pytest.mark.long
async def test_no_secret_is_in_a_log_line_whatever_the_level(server: Server, log: Path) -> None:
    made = await live(server)
    await knock_everywhere(server)
    await server.terminate()

    text = await asyncio.to_thread(log.read_text)
    assert len(made) > 5
    assert text.count('"event": "request"') > len(OPERATIONS)
    assert '"path": "/ws/events"' in text
    for what, secret in PLANTED.items():
        assert secret not in text, what
        assert quote(secret) not in text, what
    for secret in made:
        assert secret not in text, secret[:8]
        assert secret.rpartition(".")[2] not in text, secret[:8]
    assert "canary" not in text
