"""The outermost layer: ids, sizes, log lines, and an answer to everything."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI, Response
from starlette.types import Message, Scope

from app.core.edge import MAX_BODY_BYTES, BodyLimit
from app.main import create_app
from app.settings import Settings
from tests.people import Person, browser
from tests.problems import problem

SECURITY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}


@pytest.fixture
async def broken(app: FastAPI, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """An app with a route that fails, and one that says nothing."""
    other = create_app(settings)
    other.state.db = app.state.db

    @other.get("/api/broken")
    async def break_down() -> None:
        raise ZeroDivisionError("the password is hunter2")

    @other.get("/api/quiet")
    async def say_nothing() -> Response:
        return Response(status_code=204)

    async with browser(other) as client:
        yield client


async def test_an_unhandled_error_is_a_problem_that_tells_nothing(broken: httpx.AsyncClient) -> None:
    body = problem(await broken.get("/api/broken"), 500, "internal_error")

    assert "hunter2" not in str(body)
    assert "ZeroDivision" not in str(body)


@pytest.mark.parametrize("given", ["abcdef12", "01a1fc1a-54b0-73a8-8cef-58e21740cadb", "trace.1:span_2"])
async def test_a_sane_request_id_of_the_client_is_kept(client: httpx.AsyncClient, given: str) -> None:
    response = await client.get("/api/healthz", headers={"X-Request-Id": given})

    assert response.headers["x-request-id"] == given


@pytest.mark.parametrize(
    "given", ["", "short", "a b c d e f g h", "a" * 129, 'x"; DROP TABLE', "<script>alert(1)</script>"]
)
async def test_any_other_is_replaced(client: httpx.AsyncClient, given: str) -> None:
    response = await client.get("/api/healthz", headers={"X-Request-Id": given})

    assert len(response.headers["x-request-id"]) == 32
    assert response.headers["x-request-id"] != given


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/nowhere", 404), ("GET", "/", 404), ("PUT", "/api/v1/tasks", 405), ("GET", "/api/v1/tasks/", 404)],
)
async def test_the_router_answers_with_problems(client: httpx.AsyncClient, method: str, path: str, status: int) -> None:
    response = await client.request(method, path)

    problem(response, status, {404: "not_found", 405: "method_not_allowed"}[status])


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/api/v1/me", "DELETE, GET, PATCH"), ("/api/v1/tasks", "GET, POST"), (f"/api/v1/tasks/{uuid4()}", "DELETE, GET")],
)
async def test_a_refused_method_says_which_are_allowed(client: httpx.AsyncClient, path: str, allowed: str) -> None:
    response = await client.put(path)

    assert response.headers["allow"] == allowed


@pytest.mark.parametrize("path", ["/api/healthz", "/api/nowhere", "/api/broken", "/api/quiet", "/api/openapi.json"])
async def test_every_answer_has_an_id_is_not_stored_and_is_only_data(broken: httpx.AsyncClient, path: str) -> None:
    response = await broken.get(path)

    assert response.headers["x-request-id"]
    assert response.headers["cache-control"] == "no-store"
    for name, value in SECURITY.items():
        assert response.headers.get_list(name) == [value]


async def test_one_line_a_request_without_query_body_or_cookie(
    person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await person.browser.post("/api/v1/tasks?cursor=canary-query", json={"prompt": "canary-body"})

    lines: list[Any] = [record.msg for record in caplog.records if record.name == "app.core.edge"]
    assert [line["event"] for line in lines] == ["request"]
    assert lines[0].items() >= {"method": "POST", "path": "/api/v1/tasks", "status": 202}.items()
    assert lines[0]["user_id"] == str(person.id)
    assert "canary" not in caplog.text
    assert all(value not in caplog.text for value in person.browser.cookies.values())


async def test_an_announced_body_is_refused_before_it_is_read() -> None:
    reads, sent = await call_with(announced=MAX_BODY_BYTES + 1, chunks=[b"x"])

    assert reads == 0
    assert sent[0]["status"] == 413


async def test_an_unannounced_body_is_read_no_further_than_the_limit(person: Person) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"x" * 65_536

    headers = {"Content-Type": "application/json"}
    response = await person.browser.post("/api/v1/tasks", content=endless(), headers=headers)

    problem(response, 413, "too_large")
    assert taken <= MAX_BODY_BYTES // 65_536 + 2


async def test_a_body_of_the_limit_is_read(person: Person) -> None:
    body = b'{"prompt": "x", "more": "' + b"x" * (MAX_BODY_BYTES - 27) + b'"}'

    response = await person.browser.post("/api/v1/tasks", content=body, headers={"Content-Type": "application/json"})

    assert len(body) == MAX_BODY_BYTES
    assert response.status_code == 202


async def call_with(*, announced: int, chunks: list[bytes]) -> tuple[int, list[Message]]:
    """How often the body was read, and what was answered."""
    reads, sent = 0, list[Message]()

    async def app(_scope: Scope, receive: Any, _send: Any) -> None:
        await receive()

    async def receive() -> Message:
        nonlocal reads
        reads += 1
        return {"type": "http.request", "body": chunks[reads - 1], "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "headers": [(b"content-length", str(announced).encode())]}
    await BodyLimit(app)(scope, receive, send)
    return reads, sent
