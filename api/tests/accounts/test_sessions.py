"""Signing in and out, and what the cookie is worth."""

import time
from datetime import timedelta
from statistics import median

import httpx
import pytest
from fastapi import FastAPI
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import text
from starlette.responses import Response

from app.accounts.cookies import Pair, SessionCookies
from app.core.db import Database
from app.settings import Settings
from tests.people import browser, new_email
from tests.problems import problem

PASSWORD = "slow rivers carve deep"


@pytest.fixture
async def email(app: FastAPI) -> str:
    """The address of an account with a password."""
    email = new_email()
    async with browser(app) as client:
        body = {"email": email, "password": PASSWORD, "name": "Ada"}
        assert (await client.post("/api/v1/auth/register", json=body)).status_code == 201
    return email


async def sign_in(client: httpx.AsyncClient, email: str, password: str = PASSWORD) -> httpx.Response:
    return await client.post("/api/v1/auth/login", json={"email": email, "password": password})


async def test_the_right_password_signs_in(client: httpx.AsyncClient, email: str) -> None:
    response = await sign_in(client, email.upper())

    assert response.status_code == 200
    assert (await client.get("/api/v1/me")).json() == response.json()


async def test_a_wrong_password_and_an_unknown_address_look_the_same(client: httpx.AsyncClient, email: str) -> None:
    wrong = problem(await sign_in(client, email, "something else"), 401, "invalid_credentials")
    unknown = problem(await sign_in(client, new_email()), 401, "invalid_credentials")

    assert {**wrong, "request_id": ""} == {**unknown, "request_id": ""}


@pytest.mark.long
async def test_and_take_the_same_time(client: httpx.AsyncClient, email: str) -> None:
    async def seconds(address: str) -> float:
        began = time.perf_counter()
        await sign_in(client, address, "something else")
        return time.perf_counter() - began

    pairs = [(await seconds(email), await seconds(new_email())) for _ in range(9)]

    assert 0.6 < median(known / unknown for known, unknown in pairs) < 1.6


async def test_an_old_hash_is_renewed_at_sign_in(client: httpx.AsyncClient, email: str, db: Database) -> None:
    weak = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8_192),)).hash(PASSWORD)
    async with db.autocommit() as connection:
        await connection.execute(
            text("UPDATE users SET password_hash = :hash WHERE email = :email"), {"hash": weak, "email": email}
        )

    response = await sign_in(client, email)

    async with db.autocommit() as connection:
        found = await connection.execute(text("SELECT password_hash FROM users WHERE email = :email"), {"email": email})
    assert response.status_code == 200
    assert "m=65536,t=3" in found.scalar_one()


async def test_each_sign_in_is_a_session_of_its_own(app: FastAPI, email: str) -> None:
    async with browser(app) as one, browser(app) as other:
        await sign_in(one, email)
        await sign_in(other, email)
        await one.post("/api/v1/auth/logout")

        problem(await one.get("/api/v1/me"), 401, "unauthenticated")
        assert (await other.get("/api/v1/me")).status_code == 200


async def test_a_browser_has_one_session(client: httpx.AsyncClient, email: str) -> None:
    await sign_in(client, email)
    before = dict(client.cookies)
    await sign_in(client, email)

    assert (await client.get("/api/v1/me")).status_code == 200
    client.cookies.clear()
    client.cookies.update(before)
    problem(await client.get("/api/v1/me"), 401, "unauthenticated")
    problem(await client.post("/api/v1/auth/refresh"), 401, "session_revoked")


async def test_a_wrong_password_ends_nothing(client: httpx.AsyncClient, email: str) -> None:
    await sign_in(client, email)

    await client.post("/api/v1/auth/login", json={"email": email, "password": "not the password"})

    assert (await client.get("/api/v1/me")).status_code == 200


async def test_a_token_is_refused_after_its_logout(client: httpx.AsyncClient, email: str) -> None:
    await sign_in(client, email)
    kept = dict(client.cookies)

    response = await client.post("/api/v1/auth/logout")

    assert response.status_code == 204
    assert not client.cookies
    client.cookies.update(kept)
    problem(await client.get("/api/v1/me"), 401, "unauthenticated")


@pytest.mark.parametrize("cookie", [None, "garbage", "a.b.c"])
async def test_logging_out_needs_no_session(client: httpx.AsyncClient, settings: Settings, cookie: str | None) -> None:
    if cookie:
        client.cookies.set(SessionCookies(settings.app).access, cookie)

    response = await client.post("/api/v1/auth/logout")

    assert response.status_code == 204
    assert [("Max-Age=0" in header) for header in response.headers.get_list("set-cookie")] == [True, True]


async def test_the_cookies_on_plain_http(client: httpx.AsyncClient, email: str) -> None:
    response = await sign_in(client, email)

    cookies = dict(flags_of(header) for header in response.headers.get_list("set-cookie"))
    lax = ["httponly", "path=/", "samesite=lax"]
    assert cookies == {
        "slipstream_access": sorted([*lax, "max-age=300"]),
        "slipstream_refresh": sorted([*lax, f"max-age={14 * 86_400}"]),
    }


@pytest.mark.parametrize("act", ["write", "clear"])
async def test_the_cookies_on_https(settings: Settings, act: str) -> None:
    cookies = SessionCookies(settings.app.model_copy(update={"site_url": "https://slipstream.example.org"}))
    response = Response()
    if act == "write":
        cookies.write(response, Pair("access", timedelta(minutes=5), "refresh", timedelta(days=14)))
    else:
        cookies.clear(response)

    flags = dict(flags_of(header) for header in response.headers.getlist("set-cookie"))
    assert set(flags) == {"__Host-slipstream_access", "__Host-slipstream_refresh"}
    for each in flags.values():
        assert {"httponly", "path=/", "samesite=lax", "secure"} <= set(each)
        assert not any(flag.startswith("domain") for flag in each)


def flags_of(header: str) -> tuple[str, list[str]]:
    """The cookie's name and what is said of it."""
    pair, *flags = header.split("; ")
    return pair.partition("=")[0], sorted(flag.lower() for flag in flags)
