"""How often one may try to sign in: many guesses at once are no more than the limit, known account or not."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from unittest.mock import AsyncMock

import httpx
import pytest
from fastapi import FastAPI
from redis.asyncio import Redis
from sqlalchemy import text

from app.accounts.passwords import Passwords
from app.core.db import Database
from app.core.limits import Limiter
from app.core.valkey import connect
from app.settings import Settings
from tests.people import Person, browser, new_email
from tests.problems import problem

PASSWORD = "slow rivers carve deep"


@pytest.fixture
async def ada(client: httpx.AsyncClient) -> str:
    """The address of somebody who has an account."""
    email = new_email()
    body = {"email": email, "password": PASSWORD, "name": "Ada"}
    assert (await client.post("/api/v1/auth/register", json=body)).status_code == 201
    client.cookies.clear()
    return email


@pytest.fixture
def checks(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> AsyncMock:
    """The password check, which finds every password wrong at once."""
    check = AsyncMock(return_value=(False, None))
    monkeypatch.setattr(Passwords, "verify", check)
    return check


async def sign_in(client: httpx.AsyncClient, email: str, password: str | None = None) -> httpx.Response:
    return await client.post("/api/v1/auth/login", json={"email": email, "password": password or "a wrong one"})


@pytest.mark.parametrize("is_known", [True, False])
async def test_of_fifty_wrong_passwords_at_once_ten_are_checked(
    client: httpx.AsyncClient, ada: str, checks: AsyncMock, *, is_known: bool
) -> None:
    email = ada if is_known else new_email()
    spellings = [email, email.upper(), f" {email} "]

    answers = await asyncio.gather(*(sign_in(client, spellings[number % 3]) for number in range(50)))

    assert checks.await_count == 10
    assert sorted(answer.status_code for answer in answers) == [401] * 10 + [429] * 40
    refused = next(answer for answer in answers if answer.status_code == 429)
    problem(refused, 429, "rate_limited")
    assert 290 < int(refused.headers["retry-after"]) <= 300
    assert (await sign_in(client, email, PASSWORD)).status_code == 429  # the right one, too


async def test_who_signs_in_again_and_again_is_not_refused(client: httpx.AsyncClient, ada: str) -> None:
    answers = [await sign_in(client, ada, PASSWORD) for _ in range(12)]

    assert {answer.status_code for answer in answers} == {200}
    assert {answer.headers["ratelimit-remaining"] for answer in answers} == {"10"}


@pytest.fixture
async def seen(app: FastAPI, settings: Settings, valkey: Redis, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """The app where it sees its clients' addresses, with counts of its own."""
    processes = settings.processes.model_copy(update={"behind_web": False})
    monkeypatch.setitem(app.state._state, "settings", replace(settings, processes=processes))
    monkeypatch.setitem(app.state._state, "limiter", Limiter(valkey, settings.limits, new_email()))
    return app


@pytest.fixture
async def anywhere(seen: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(seen) as client:
        yield client


async def test_an_address_may_try_thirty_a_minute_whoever_it_tries(
    anywhere: httpx.AsyncClient, checks: AsyncMock
) -> None:
    answers = [await sign_in(anywhere, new_email()) for _ in range(31)]

    assert [answer.status_code for answer in answers] == [401] * 30 + [429]
    assert answers[0].headers["ratelimit-policy"] == '"sign_ins";q=30;w=60, "sign_in_failures";q=10;w=300'


async def test_another_site_uses_up_nobody_s_tries(anywhere: httpx.AsyncClient, checks: AsyncMock) -> None:
    for _ in range(31):
        body = {"email": new_email(), "password": "x"}
        answer = await anywhere.post("/api/v1/auth/login", json=body, headers={"Sec-Fetch-Site": "cross-site"})
        problem(answer, 403, "cross_site")

    assert (await sign_in(anywhere, new_email())).status_code == 401


async def test_an_address_makes_sixty_accounts_an_hour(ada: str, anywhere: httpx.AsyncClient, db: Database) -> None:
    body = {"email": ada, "password": PASSWORD, "name": "Ada"}
    limiter: Limiter = anywhere._transport.app.state.limiter  # type: ignore[attr-defined]
    for _ in range(60):
        await limiter.take("registrations", "127.0.0.1")

    answer = await anywhere.post("/api/v1/auth/register", json=body)

    problem(answer, 429, "rate_limited")
    async with db.autocommit() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM users WHERE email = :email"), {"email": ada}) == 1


async def test_while_nobody_can_count_sign_in_is_refused_and_work_goes_on(
    app: FastAPI, person: Person, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connect("redis://127.0.0.1:9/0", timeout=1) as away:
        monkeypatch.setitem(app.state._state, "limiter", Limiter(away, settings.limits, new_email()))

        refused = await sign_in(person.browser, person.email, PASSWORD)
        accepted = await person.browser.post("/api/v1/tasks", json={"prompt": "A library of seeds"})
        renewed = await person.browser.post("/api/v1/auth/refresh")

    problem(refused, 503, "unavailable")
    assert int(refused.headers["retry-after"]) >= 1
    assert (accepted.status_code, renewed.status_code) == (202, 204)


async def test_nothing_is_counted_for_a_read(app: FastAPI, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Limiter, "take", AsyncMock(side_effect=AssertionError))

    for path in ("/api/v1/me", "/api/v1/tasks", "/api/v1/auth/sessions", "/api/v1/api-keys", "/api/healthz"):
        assert (await person.browser.get(path)).status_code == 200
