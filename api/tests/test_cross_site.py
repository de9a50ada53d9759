"""The cross-site rule over every operation of the contract, and over the socket: what is derived needs no row."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.types import Message

from app.core.db import Database
from tests.operations import OPERATIONS, Operation
from tests.people import Person, browser, register
from tests.problems import problem

SITE = "http://localhost:3000"
ELSEWHERE: dict[str, dict[str, str]] = {
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "a sibling subdomain": {"Sec-Fetch-Site": "same-site"},
    "the address bar": {"Sec-Fetch-Site": "none"},
    "another site that claims our Origin": {"Sec-Fetch-Site": "cross-site", "Origin": SITE},
    "a word that no browser says": {"Sec-Fetch-Site": "same-origin, cross-site", "Origin": SITE},
    "an empty word": {"Sec-Fetch-Site": "", "Origin": SITE},
    "another Origin": {"Origin": "https://evil.example"},
    "another port": {"Origin": "http://localhost:3001"},
    "another scheme": {"Origin": "https://localhost:3000"},
    "a name that begins like ours": {"Origin": "http://localhost:3000.evil.example"},
    "a name that ends like ours": {"Origin": "http://evil-localhost:3000"},
    "somebody at ours": {"Origin": "http://localhost:3000@evil.example"},
    "a sandboxed frame": {"Origin": "null"},
    "a broken Origin": {"Origin": "http://["},
    "an empty Origin": {"Origin": ""},
    "two Origins": {"Origin": f"{SITE}, https://evil.example"},
    "headers that nobody believes": {
        "Origin": "https://evil.example", "Referer": SITE, "Host": "evil.example", "X-Forwarded-Host": "localhost:3000",
    },
}  # fmt: skip
NO_WORD: dict[str, dict[str, str]] = {"no word at all": {}}
OURS: dict[str, dict[str, str]] = {
    "the page": {"Sec-Fetch-Site": "same-origin"},
    "the page, whatever the Origin": {"Sec-Fetch-Site": "same-origin", "Origin": "https://proxy.example"},
    "the page in an old browser": {"Origin": SITE},
}
# browsers send reports when no page is there any more, and nothing follows from one
FROM_ANYWHERE = {"reportCsp"}

UNSAFE = [operation for operation in OPERATIONS if operation.is_unsafe and operation.name not in FROM_ANYWHERE]
GUARDED = UNSAFE + [operation for operation in OPERATIONS if operation.is_stream and not operation.is_unsafe]
WITH_BODY = [operation for operation in UNSAFE if operation.takes_body]


@pytest.fixture
async def person(app: FastAPI) -> AsyncIterator[Person]:
    """Somebody who may do everything, so that only the rule can be in the way."""
    async with register(app, "admin") as person:
        yield person


@pytest.fixture
async def ids(person: Person) -> dict[str, str]:
    """What a forged request would hit."""
    task = await person.create_task()
    return {
        "/api/v1/tasks": task["id"],
        "/api/v1/auth/sessions": str(person.caller.credential_id),
        "/api/v1/admin/users": str(person.id),
    }


@pytest.fixture
async def nobody(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(app) as client:
        yield client


async def send(client: httpx.AsyncClient, operation: Operation, url: str, headers: dict[str, str]) -> httpx.Response:
    client.headers.pop("Origin", None)
    return await client.request(operation.method, url, json=operation.body(), headers=headers)


async def everything(db: Database) -> set[tuple[str, str]]:
    """All rows, but for what is noted of a credential's use in the background."""
    async with db.autocommit() as connection:
        tables = await connection.scalars(
            text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        )
        noted = "- ARRAY['last_used_at', 'used_counter', 'address', 'user_agent']"
        selects = (f"SELECT '{name}' AS name, (to_jsonb(t) {noted})::text FROM {name} t" for name in tables)
        rows = await connection.execute(text(" UNION ALL ".join(selects)))
        return {(row[0], row[1]) for row in rows}


def each(operations: list[Operation]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "operation", [pytest.param(operation, id=operation.name) for operation in operations]
    )


def test_the_table_covers_what_it_is_for() -> None:
    assert {"register", "login", "logout", "createTask", "deleteTask", "writeDesign"} <= {
        operation.name for operation in UNSAFE
    }
    assert {"streamTask", "streamDesign"} <= {operation.name for operation in GUARDED}


@each(GUARDED)
async def test_a_cookie_is_no_use_elsewhere(
    person: Person, ids: dict[str, str], db: Database, operation: Operation
) -> None:
    before = await everything(db)
    cases = ELSEWHERE | (NO_WORD if operation.is_unsafe else {})

    for where, headers in cases.items():
        response = await send(person.browser, operation, operation.url(ids), headers)
        assert problem(response, 403, "cross_site"), where
        assert "set-cookie" not in response.headers, where
    assert await everything(db) == before


@each(UNSAFE)
async def test_nobody_is_signed_in_or_out_from_elsewhere(
    nobody: httpx.AsyncClient, db: Database, operation: Operation
) -> None:
    before = await everything(db)

    for where, headers in (ELSEWHERE | NO_WORD).items():
        response = await send(nobody, operation, operation.url(), headers)
        assert response.status_code in {401, 403}, where
        assert "set-cookie" not in response.headers, where
    assert await everything(db) == before


@each(GUARDED)
async def test_the_site_itself_passes(person: Person, operation: Operation) -> None:
    cookies = dict(person.browser.cookies)
    body = {} if operation.document["tags"] == ["design"] else operation.body()  # a design takes its time

    for who, headers in OURS.items():
        person.browser.headers.pop("Origin", None)
        person.browser.cookies.update(cookies)
        response = await person.browser.request(operation.method, operation.url(), json=body, headers=headers)
        assert "cross_site" not in response.text, who


@each(WITH_BODY)
@pytest.mark.parametrize(
    "media_type", ["text/plain", "text/plain; application/json", "application/x-www-form-urlencoded", None]
)
async def test_a_body_that_a_form_could_send_is_refused(
    person: Person, db: Database, operation: Operation, media_type: str | None
) -> None:
    before = await everything(db)
    content = httpx.Request("POST", SITE, json=operation.body()).content
    headers = {"Content-Type": media_type} if media_type else {}

    response = await person.browser.request(operation.method, operation.url(), content=content, headers=headers)

    problem(response, 415, "unsupported_media_type")
    assert await everything(db) == before


@pytest.mark.parametrize("where", [*ELSEWHERE, *NO_WORD])
async def test_a_plain_read_is_nobody_s_to_forge(person: Person, where: str) -> None:
    person.browser.headers.pop("Origin")

    response = await person.browser.get("/api/v1/me", headers=(ELSEWHERE | NO_WORD)[where])

    assert response.status_code == 200


async def test_a_stream_opens_without_a_word(person: Person) -> None:
    task = await person.create_task()
    await person.browser.post(f"/api/v1/tasks/{task['id']}/cancel")
    person.browser.headers.pop("Origin")

    response = await person.browser.get(f"/api/v1/tasks/{task['id']}/stream")

    assert response.status_code == 200


async def handshake(app: FastAPI, headers: dict[str, str]) -> int:
    """The status of a WebSocket's handshake: 101 where it is taken."""
    heard: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.disconnect" if heard else "websocket.connect"}

    async def say(message: Message) -> None:
        heard.append(message)

    scope = {
        "type": "websocket", "path": "/ws/events", "raw_path": b"/ws/events", "root_path": "", "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "extensions": {"websocket.http.response": {}}, "subprotocols": [],
    }  # fmt: skip
    await app(scope, receive, say)
    return 101 if heard[0]["type"] == "websocket.accept" else int(heard[0]["status"])


def cookie(person: Person) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{crumb.name}={crumb.value}" for crumb in person.browser.cookies.jar)}


@pytest.mark.parametrize("where", [*ELSEWHERE, *NO_WORD])
async def test_a_socket_wants_the_site_s_origin(app: FastAPI, person: Person, where: str) -> None:
    assert await handshake(app, cookie(person) | (ELSEWHERE | NO_WORD)[where]) == 403


async def test_a_socket_from_the_site_is_taken(app: FastAPI, person: Person) -> None:
    assert await handshake(app, cookie(person) | {"Origin": SITE, "Sec-Fetch-Site": "same-origin"}) == 101
    assert await handshake(app, cookie(person) | {"Origin": SITE}) == 101


@pytest.mark.parametrize("said", ["cross-site", "same-site", "none"])
async def test_a_socket_whose_browser_says_elsewhere_is_refused(app: FastAPI, person: Person, said: str) -> None:
    assert await handshake(app, cookie(person) | {"Origin": SITE, "Sec-Fetch-Site": said}) == 403
