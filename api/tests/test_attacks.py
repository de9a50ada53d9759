"""What somebody with bad intent tries first, at the API's port: more than was meant to be written, seen or believed."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import text

from app.accounts.schemas import Email
from app.core.db import Database
from app.core.ids import new_id
from tests.operations import OPERATIONS, Operation
from tests.people import Person, new_email, register

EMAIL: TypeAdapter[str] = TypeAdapter(Email)
# what rows have and no body but the administrator's may set
FORBIDDEN: dict[str, Any] = {
    "role": "admin",
    "id": str(new_id()),
    "user_id": str(new_id()),
    "owner_id": str(new_id()),
    "email_verified_at": "2020-01-01T00:00:00Z",
    "disabled_at": "2020-01-01T00:00:00Z",
    "created_at": "2020-01-01T00:00:00Z",
    "password_hash": "-",
    "status": "completed",
    "attempt": 9,
    "__proto__": {"role": "admin"},
}
WRITING = [operation for operation in OPERATIONS if operation.takes_body and operation.document["tags"] != ["design"]]


async def row(db: Database, table: str, **where: Any) -> dict[str, Any]:
    async with db.autocommit() as connection:
        [(column, value)] = where.items()
        found = await connection.execute(text(f"SELECT * FROM {table} WHERE {column} = :value"), {"value": value})
        return dict(found.one()._mapping)


@pytest.mark.parametrize("operation", [pytest.param(each, id=each.name) for each in WRITING])
async def test_no_body_writes_more_than_its_schema_has(person: Person, db: Database, operation: Operation) -> None:
    before = await row(db, "users", id=person.id)

    body = FORBIDDEN | operation.body()
    response = await person.browser.request(operation.method, operation.url(), json=body)

    assert response.status_code < 500
    if operation.name != "deleteMe":
        after = await row(db, "users", id=person.id)
        for column in ("id", "role", "email_verified_at", "disabled_at", "created_at"):
            assert after[column] == before[column], column
    if response.status_code in {201, 202} and "id" in response.json():
        assert response.json()["id"] != FORBIDDEN["id"]
        assert response.json().get("role") != "admin"
        assert response.json().get("status") != "completed"


async def test_registering_makes_no_administrator(client: httpx.AsyncClient, db: Database) -> None:
    body = {"email": new_email(), "password": "six calm otters at noon", "name": "Ada"}

    response = await client.post("/api/v1/auth/register", json=FORBIDDEN | body)

    assert response.json()["role"] == "user"
    made = await row(db, "users", email=body["email"])
    assert (made["role"], made["email_verified_at"]) == ("user", None)


@given(st.emails() | st.text(max_size=20).map(lambda part: f"{part}@example.com"))
@settings(max_examples=200, deadline=None)
def test_an_address_has_one_form(email: str) -> None:
    try:
        once = EMAIL.validate_python(email)
    except ValidationError:
        return

    assert EMAIL.validate_python(once) == once
    assert EMAIL.validate_python(f" {email} ") == once


@pytest.mark.parametrize(
    "other",
    [
        "ADA.{id}@EXAMPLE.COM",
        " ada.{id}@example.com\t",
        "ada.{id}@ｅｘａｍｐｌｅ.com",  # noqa: RUF001 - full width, which a browser takes for the same
        "ada.{id}@example。com",
    ],
)
async def test_an_address_is_registered_once_however_it_is_written(
    client: httpx.AsyncClient, app: FastAPI, other: str
) -> None:
    known = {"password": "six calm otters at noon", "name": "Ada"}
    some = new_id().hex
    assert (await client.post("/api/v1/auth/register", json=known | {"email": f"ada.{some}@example.com"})).is_success

    response = await client.post("/api/v1/auth/register", json=known | {"email": other.format(id=some)})

    assert response.status_code == 409


async def test_no_host_header_is_believed(person: Person) -> None:
    evil = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    for operation in OPERATIONS:
        if operation.document["tags"] == ["design"]:
            continue
        response = await person.browser.request(
            operation.method, operation.url() + "?next=//evil.example", json=operation.body(), headers=evil
        )
        assert "evil.example" not in str(response.headers), operation.name
        if operation.name not in {"deleteMe", "logout", "changePassword"}:
            continue
        async with register(person.browser._transport.app) as another:  # type: ignore[attr-defined]
            person.browser.cookies.update(another.browser.cookies)


@pytest.mark.parametrize("operation", [pytest.param(each, id=each.name) for each in OPERATIONS if not each.is_unsafe])
async def test_no_answer_about_somebody_is_stored_on_its_way(person: Person, operation: Operation) -> None:
    response = await person.browser.get(operation.url())

    directives = {directive.strip() for directive in response.headers["cache-control"].split(",")}
    assert directives == {"no-store"} or (operation.is_stream and directives == {"no-cache", "no-transform"})
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize("method", ["OPTIONS", "POST"])
async def test_no_other_origin_is_allowed_anything(person: Person, method: str) -> None:
    headers = {
        "Origin": "https://evil.example",
        "Access-Control-Request-Method": "DELETE",
        "Access-Control-Request-Headers": "content-type",
    }
    for operation in OPERATIONS:
        response = await person.browser.request(method, operation.url(), headers=headers)
        assert not [name for name in response.headers if name.startswith("access-control-")], operation.name
