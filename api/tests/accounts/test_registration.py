"""Registering."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.core.db import Database
from tests.people import new_email
from tests.problems import problem

PASSWORD = "slow rivers carve deep"


def registration(**changes: Any) -> dict[str, Any]:
    return {"email": new_email(), "password": PASSWORD, "name": "Ada", **changes}


async def test_it_makes_an_account_and_signs_it_in(client: httpx.AsyncClient) -> None:
    body = registration(name="  Ada Lovelace ")

    response = await client.post("/api/v1/auth/register", json=body)

    user = response.json()
    assert response.status_code == 201
    assert set(user) == {"id", "email", "name", "role", "created_at"}
    assert (user["email"], user["name"], user["role"]) == (body["email"], "Ada Lovelace", "user")
    assert (await client.get("/api/v1/me")).json() == user


async def test_the_password_is_kept_as_argon2id(client: httpx.AsyncClient, db: Database) -> None:
    body = registration()
    await client.post("/api/v1/auth/register", json=body)

    async with db.autocommit() as connection:
        query = text("SELECT * FROM users WHERE email = :email")
        row = (await connection.execute(query, {"email": body["email"]})).one()

    assert row.password_hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert PASSWORD not in str(row)


@pytest.mark.parametrize("spelling", [str.upper, str.title, lambda email: f"  {email} "])
async def test_one_address_is_one_account_whatever_its_case(client: httpx.AsyncClient, spelling: Any) -> None:
    body = registration()
    await client.post("/api/v1/auth/register", json=body)

    response = await client.post("/api/v1/auth/register", json={**body, "email": spelling(body["email"])})

    problem(response, 409, "email_taken")
    assert "set-cookie" not in response.headers


async def test_of_ten_at_once_one_wins(client: httpx.AsyncClient) -> None:
    body = registration()

    responses = await asyncio.gather(*(client.post("/api/v1/auth/register", json=body) for _ in range(10)))

    assert sorted(response.status_code for response in responses) == [201] + [409] * 9


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"password": "fourteen chars"}, "/password"),
        ({"password": "x7" * 64 + "y"}, "/password"),
        ({"password": "passwordpassword1"}, "/password"),
        ({"password": "adalovelace1815!", "name": "Ada Lovelace"}, "/password"),
        ({"email": "nobody"}, "/email"),
        ({"email": "a@b@c.example"}, "/email"),
        ({"email": "x" * 250 + "@example.com"}, "/email"),
        ({"email": "evil@example.com\r\nBcc: all"}, "/email"),
        ({"name": "  "}, "/name"),
        ({"name": "x" * 101}, "/name"),
        ({"name": "A\0"}, "/name"),
        ({"password": None}, "/password"),
    ],
)
async def test_what_is_not_good_enough_is_told(client: httpx.AsyncClient, change: dict[str, Any], pointer: str) -> None:
    response = await client.post("/api/v1/auth/register", json=registration(**change))

    errors = problem(response, 422, "invalid_body")["errors"]
    assert [error["pointer"] for error in errors] == [pointer]
    assert str(change.get("password") or "no password") not in response.text


@pytest.mark.parametrize("password", ["čeština má háčky", "x7 " * 42 + "yz", "\U0001f680\U0001f30d" * 8 + "tea"])
async def test_any_characters_will_do(client: httpx.AsyncClient, password: str) -> None:
    body = registration(password=password)

    registered = await client.post("/api/v1/auth/register", json=body)
    again = await client.post("/api/v1/auth/login", json={"email": body["email"], "password": password})

    assert (registered.status_code, again.status_code) == (201, 200)
