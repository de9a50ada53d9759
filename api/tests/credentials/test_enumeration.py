"""Who has an account here can't be found out from outside: not by an answer, and not by the work that it takes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event, text

from app.accounts.authentication import Authentication
from app.core.db import Database
from tests.credentials.conftest import NEW_PASSWORD, PASSWORD, Member, Store
from tests.people import browser, new_email

Asked = Callable[[httpx.AsyncClient, str], Awaitable[httpx.Response]]


def post(path: str, **more: str) -> Asked:
    async def ask(client: httpx.AsyncClient, email: str) -> httpx.Response:
        return await client.post(f"/api/v1/auth/{path}", json={"email": email, **more})

    return ask


QUESTIONS = {
    "register": post("register", password=NEW_PASSWORD, name="Ada"),
    "login": post("login", password="another one entirely"),
    "reset": post("password-reset"),
    "resend": post("verify-email/resend"),
}


async def nobody(site: FastAPI, member: Member, store: Store) -> str:
    return new_email()


async def somebody(site: FastAPI, member: Member, store: Store) -> str:
    return member.email


async def disabled(site: FastAPI, member: Member, store: Store) -> str:
    await store.value("UPDATE users SET disabled_at = now() WHERE id = :id", id=member.id)
    return member.email


async def without_password(site: FastAPI, member: Member, store: Store) -> str:
    await store.value("UPDATE users SET password_hash = NULL WHERE id = :id", id=member.id)
    return member.email


async def waiting(site: FastAPI, member: Member, store: Store) -> str:
    email = new_email()
    async with browser(site) as client:
        body = {"email": email, "password": PASSWORD, "name": "Ada"}
        assert (await client.post("/api/v1/auth/register", json=body)).status_code == 202
    return email


@pytest.fixture
async def outsider(site: FastAPI, db: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A browser, while no worker sends anything: what it would do isn't the work of an answer."""
    async with browser(site) as client:
        yield client
    async with db.transaction() as tx:
        await tx.execute(text("DELETE FROM mails"))


@contextmanager
def work_of(site: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The statements and hashes that happen meanwhile, in order."""
    authentication: Authentication = site.state.authentication
    engine = site.state.db.engine.sync_engine
    done: list[str] = []
    task = asyncio.current_task()

    def executed(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if asyncio.current_task() is task:  # what the site does besides isn't for the answer
            done.append(statement)

    async def hashed(work: Any, *_: str) -> Any:  # as slow as it may be: it is the same
        done.append(work.__name__)
        return "-" if work.__name__ == "hash" else (False, None)

    with monkeypatch.context() as patch:
        patch.setattr(authentication.passwords, "_run", hashed)
        event.listen(engine, "before_cursor_execute", executed)
        try:
            yield done
        finally:
            event.remove(engine, "before_cursor_execute", executed)


def seen(response: httpx.Response, email: str) -> tuple[Any, ...]:
    """An answer as a stranger can tell it from another."""
    headers = {name: value for name, value in response.headers.items() if name != "x-request-id"}
    body = {**response.json(), "request_id": ""}
    return response.status_code, headers, {name: value if value != email else "…" for name, value in body.items()}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("known", [somebody, disabled, without_password, waiting])
async def test_an_address_that_is_known_can_not_be_told_from_one_that_is_not(
    site: FastAPI,
    outsider: httpx.AsyncClient,
    member: Member,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    question: str,
    known: Any,
) -> None:
    ask = QUESTIONS[question]
    answers, works = [], []
    for who in (nobody, known):
        email = await who(site, member, store)
        with work_of(site, monkeypatch) as work:
            response = await ask(outsider, email)
        answers.append(seen(response, email))
        works.append(work)

    assert answers[0] == answers[1]
    assert works[0] == works[1]
    assert [done for done in works[0] if done in {"hash", "verify_and_update"}] == (
        {"register": ["hash"], "login": ["verify_and_update"]}.get(question, [])
    )
