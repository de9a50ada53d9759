"""Bad input at every operation of the contract: a typed problem that the contract names, and never a 500."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest
from fastapi import FastAPI

from app.core.ids import new_id
from app.main import build, document
from tests.people import Person, register

DOCUMENT = document(build())
JSON = {"Content-Type": "application/json"}


class Call(NamedTuple):
    """An operation with one thing about it that is bad."""

    operation: str
    what: str
    method: str
    path: str
    content: bytes = b""
    headers: dict[str, str] = {}  # noqa: RUF012 - never changed


BODIES = {
    "invalid JSON": b"{",
    "no JSON": b"\xff\xfe\x00",
    "too deep": b"[" * 500_000,
    "wrong type": b"[1, 2, 3]",
    "wrong types": json.dumps({name: {"a": [1]} for name in ("prompt", "kind", "email", "password", "name")}).encode(),
    "nulls": json.dumps(dict.fromkeys(("prompt", "kind", "email", "password", "name"))).encode(),
    "NUL": json.dumps(dict.fromkeys(("prompt", "email", "password", "name"), "a long text\0 with NUL")).encode(),
    "lone surrogate": b'{"prompt": "\\ud800", "email": "\\ud800", "password": "\\ud800", "name": "\\ud800"}',
    "10 MB": b'{"prompt": "' + b"x" * 10_000_000 + b'"}',
    "10 MB of nothing": b"\0" * 10_000_000,
}
IDS = ["x", "%00", "0" * 32, str(new_id()) + "0", "..%2f..%2fetc", "%F0%9F%9A%80", "'; DROP TABLE tasks; --"]
TEXTS = ["%00", "x" * 3_000, "%ED%A0%80", "-1", "1e999", "%F0%9F%9A%80"]


def calls() -> Iterator[Call]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield from calls_of(operation, method.upper(), path)


def calls_of(operation: dict[str, Any], method: str, path: str) -> Iterator[Call]:
    name = operation["operationId"]
    some = path.replace("{id}", str(new_id()))
    for what, body in BODIES.items():
        yield Call(name, what, method, some, body, JSON)
    yield Call(name, "another type", method, some, b"a=b", {"Content-Type": "application/x-www-form-urlencoded"})
    if "{id}" in path:
        yield Call(name, "unknown id", method, some)
        yield from (Call(name, f"id {bad}", method, path.replace("{id}", bad)) for bad in IDS)
    for parameter in operation.get("parameters", []):
        for bad in TEXTS:
            if parameter["in"] == "query":
                yield Call(name, f"{parameter['name']}={bad[:9]}", method, f"{some}?{parameter['name']}={bad}")
            if parameter["in"] == "header":
                yield Call(name, f"{parameter['name']}: {bad[:9]}", method, some, b"", {parameter["name"]: bad})


CALLS = list(calls())
GOOD = {("deleteMe", "nulls")}  # who has no password gives none


async def send(browser: httpx.AsyncClient, call: Call) -> httpx.Response:
    return await browser.request(call.method, call.path, content=call.content, headers=call.headers)


def check(response: httpx.Response, call: Call) -> None:
    operation = next(
        operation
        for methods in DOCUMENT["paths"].values()
        for operation in methods.values()
        if operation["operationId"] == call.operation
    )
    assert response.status_code < 500, response.text
    assert "traceback" not in response.text.lower()
    if response.status_code < 400:
        assert str(response.status_code) in operation["responses"]
        return
    assert response.headers["content-type"] == "application/problem+json"
    code, status = response.json()["code"], str(response.status_code)
    known = operation["responses"].get(status) or {}
    codes = (
        known["content"]["application/problem+json"]["schema"]["allOf"][1]["properties"]["code"]["enum"]
        if known
        else []
    )
    # an address that is none after all, and a body that no operation takes, are refused before there is an operation
    assert code in codes or (status, code) in {
        ("404", "not_found"),
        ("405", "method_not_allowed"),
        ("413", "too_large"),
    }


def test_there_is_something_to_try_at_every_operation() -> None:
    operations = {operation["operationId"] for methods in DOCUMENT["paths"].values() for operation in methods.values()}

    assert {call.operation for call in CALLS} == operations
    assert len(CALLS) > 150


@pytest.mark.parametrize("operation", sorted({call.operation for call in CALLS}))
async def test_signed_in(person: Person, operation: str) -> None:
    cookies = dict(person.browser.cookies)
    for call in (call for call in CALLS if call.operation == operation):
        person.browser.cookies.update(cookies)

        check(await send(person.browser, call), call)


@pytest.mark.parametrize("operation", sorted({call.operation for call in CALLS}))
async def test_signed_out(client: httpx.AsyncClient, operation: str) -> None:
    for call in (call for call in CALLS if call.operation == operation):
        check(await send(client, call), call)


@pytest.mark.parametrize("what", [what for what in BODIES if what not in {"10 MB", "10 MB of nothing"}])
async def test_a_bad_body_is_422_where_a_body_is_taken(app: FastAPI, what: str) -> None:
    bad = [call for call in CALLS if call.what == what and takes_body(call) and (call.operation, what) not in GOOD]
    async with register(app, "admin") as admin:
        for call in bad:
            response = await send(admin.browser, call)

            assert (response.status_code, response.json()["code"]) == (422, "invalid_body"), call


@pytest.mark.parametrize("what", ["10 MB", "10 MB of nothing"])
async def test_a_large_body_is_413_everywhere(person: Person, what: str) -> None:
    for call in (call for call in CALLS if call.what == what):
        response = await send(person.browser, call)

        assert (response.status_code, response.json()["code"]) == (413, "too_large"), call


def takes_body(call: Call) -> bool:
    return any(
        operation["operationId"] == call.operation and "requestBody" in operation
        for methods in DOCUMENT["paths"].values()
        for operation in methods.values()
    )
