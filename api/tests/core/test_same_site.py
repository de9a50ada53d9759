"""The cross-site rule, over every operation that it covers."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.core.ids import new_id
from app.main import build, document
from tests.people import Person
from tests.problems import problem

SITE = "http://localhost:3000"
SIGNING = {"/api/v1/auth/register", "/api/v1/auth/login", "/api/v1/auth/logout"}
OPERATIONS = [
    (method.upper(), path.replace("{id}", str(new_id())))
    for path, methods in document(build())["paths"].items()
    for method in methods
]
UNSAFE = [operation for operation in OPERATIONS if operation[0] != "GET"]
STREAMS = [operation for operation in OPERATIONS if operation[1].endswith("/stream")]
BODIES: dict[str, Any] = {
    "/api/v1/auth/register": {"email": "a@example.com", "password": "correct horse battery", "name": "A"},
    "/api/v1/auth/login": {"email": "a@example.com", "password": "x"},
    "/api/v1/tasks": {"prompt": "x"},
}

FOREIGN: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "cross-site", "Origin": SITE},
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost:3001"},
    {"Origin": "http://localhost:3000.evil.example"},
    {"Origin": "null"},
    {"Origin": "http://["},
    {"Origin": ""},
    {"Origin": "https://evil.example", "Referer": SITE, "Host": "localhost:3000", "X-Forwarded-Host": "localhost:3000"},
]


def bare(browser: httpx.AsyncClient) -> httpx.AsyncClient:
    browser.headers.pop("Origin")
    return browser


async def send(browser: httpx.AsyncClient, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
    return await browser.request(method, path, json=BODIES.get(path), headers=headers)


def test_the_table_covers_the_app() -> None:
    assert {path for _, path in UNSAFE} >= SIGNING
    assert STREAMS


@pytest.mark.parametrize("headers", [*FOREIGN, {}])
@pytest.mark.parametrize(("method", "path"), UNSAFE)
async def test_an_unsafe_request_from_elsewhere_is_refused(
    person: Person, method: str, path: str, headers: dict[str, str]
) -> None:
    problem(await send(bare(person.browser), method, path, headers), 403, "cross_site")


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize(("method", "path"), STREAMS)
async def test_a_stream_is_not_opened_from_elsewhere(
    person: Person, method: str, path: str, headers: dict[str, str]
) -> None:
    problem(await send(bare(person.browser), method, path, headers), 403, "cross_site")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://proxy.example"},
        {"Origin": SITE},
    ],
)
@pytest.mark.parametrize(("method", "path"), UNSAFE)
async def test_the_site_itself_passes(person: Person, method: str, path: str, headers: dict[str, str]) -> None:
    response = await send(bare(person.browser), method, path, headers)

    assert response.status_code != 403


@pytest.mark.parametrize("headers", [{}, *FOREIGN])
async def test_a_plain_read_passes_from_anywhere(person: Person, headers: dict[str, str]) -> None:
    response = await send(bare(person.browser), "GET", "/api/v1/me", headers)

    assert response.status_code == 200


async def test_a_stream_opens_without_both_headers(person: Person) -> None:
    task = await person.create_task()
    await person.browser.post(f"/api/v1/tasks/{task['id']}/cancel")

    response = await send(bare(person.browser), "GET", f"/api/v1/tasks/{task['id']}/stream", {})

    assert response.status_code == 200


async def test_without_a_cookie_there_is_nothing_to_protect(client: httpx.AsyncClient) -> None:
    response = await send(bare(client), "POST", "/api/v1/tasks", {"Origin": "https://evil.example"})

    problem(response, 401, "unauthenticated")


async def test_no_forwarded_header_is_believed(app: FastAPI, person: Person) -> None:
    headers = {"Origin": "http://evil.example", "X-Forwarded-Host": "evil.example", "Host": "evil.example"}

    problem(await send(bare(person.browser), "POST", "/api/v1/auth/logout", headers), 403, "cross_site")
