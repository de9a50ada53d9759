"""The transaction at the edge: committed before the answer, or not at all."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.accounts.models import UserRow
from app.core.db import Database, Transaction
from app.core.error_handlers import is_away
from app.core.errors import NotFound
from app.core.ids import new_id
from app.core.limits import Limiter
from app.main import create_app
from app.settings import Settings
from tests.people import browser, new_email
from tests.problems import problem


class Writer:
    """Routes that write a user, and how they end."""

    def __init__(self, db: Database) -> None:
        self.id: UUID = new_id()
        self.called: list[str] = []
        self._db = db

    async def exists(self) -> bool:
        async with self._db.autocommit() as connection:
            result = await connection.execute(text("SELECT true FROM users WHERE id = :id"), {"id": self.id})
            return bool(result.scalar())

    async def _note(self) -> None:
        self.called.append(f"committed: {await self.exists()}")

    def _fail(self) -> None:
        raise RuntimeError("after the commit")

    async def write(self, tx: Transaction, how: str) -> dict[str, bool]:
        tx.add(UserRow(id=self.id, email=new_email(), name="Ada", password_hash="-"))
        await tx.flush()
        tx.after_commit(self._fail)
        tx.after_commit(self._note)
        if how == "refuse":
            raise NotFound
        if how == "break":
            raise ZeroDivisionError
        if how == "conflict":
            tx.add(UserRow(id=self.id, email=new_email(), name="Ada", password_hash="-"))
        return {"visible": await self.exists()}


class Witness:
    """Notes what has happened when an answer begins."""

    def __init__(self, app: ASGIApp, writer: Writer) -> None:
        self._app = app
        self._writer = writer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._writer.called.append(f"answered: {message['status']}")
            await send(message)

        await self._app(scope, receive, noted)


@pytest.fixture
async def writer(app: FastAPI) -> Writer:
    return Writer(app.state.db)


@pytest.fixture
async def writing(settings: Settings, writer: Writer, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    other = create_app(settings)
    other.state.db = app.state.db
    other.add_api_route("/api/write", writer.write, methods=["POST"])
    other.add_middleware(Witness, writer=writer)
    async with browser(other) as client:
        yield client


async def test_the_commit_comes_before_the_answer_and_then_its_callbacks(
    writing: httpx.AsyncClient, writer: Writer
) -> None:
    response = await writing.post("/api/write?how=well")

    assert response.json() == {"visible": False}
    assert writer.called == ["committed: True", "answered: 200"]


@pytest.mark.parametrize(("how", "status"), [("refuse", 404), ("break", 500), ("conflict", 500)])
async def test_an_error_rolls_everything_back(
    writing: httpx.AsyncClient, writer: Writer, caplog: pytest.LogCaptureFixture, how: str, status: int
) -> None:
    response = await writing.post(f"/api/write?how={how}")

    assert response.status_code == status
    assert not await writer.exists()
    assert "@example.com" not in caplog.text  # the values of a statement are somebody's
    assert writer.called == [f"answered: {status}"]


async def test_a_database_that_is_away_is_503(settings: Settings, limiter: Limiter) -> None:
    away = settings.database.model_copy(update={"url": SecretStr("postgresql://a:b@127.0.0.1:9/nothing")})
    app = create_app(settings)
    app.state.limiter = limiter
    async with Database(away) as app.state.db, browser(app) as client:
        body = {"email": new_email(), "password": "a long enough secret", "name": "Ada"}
        response = await client.post("/api/v1/auth/register", json=body)

    problem(response, 503, "unavailable")
    assert response.headers["retry-after"] == "1"


async def test_a_full_pool_is_503(settings: Settings, limiter: Limiter) -> None:
    small = settings.database.model_copy(
        update={"pool_size": 1, "pool_overflow": 0, "pool_timeout": settings.tasks.cancel_check}
    )
    app = create_app(settings)
    app.state.limiter = limiter
    async with Database(small) as db, browser(app) as client, db.autocommit():
        app.state.db = db
        body = {"email": new_email(), "password": "a long enough secret", "name": "Ada"}
        response = await client.post("/api/v1/auth/register", json=body)

    problem(response, 503, "unavailable")


async def test_a_lock_that_is_held_is_away_and_a_wrong_statement_is_not(db: Database) -> None:
    async with db.autocommit() as holder, db.autocommit() as waiter:
        await holder.execute(text("SELECT pg_advisory_lock(42)"))
        await waiter.execute(text("SET lock_timeout = '10ms'"))
        with pytest.raises(DBAPIError, match="lock timeout") as held:
            await waiter.execute(text("SELECT pg_advisory_lock(42)"))
        await waiter.execute(text("RESET lock_timeout"))
        await holder.execute(text("SELECT pg_advisory_unlock(42)"))
        with pytest.raises(DBAPIError, match="division by zero") as wrong:
            await waiter.execute(text("SELECT 1/0"))

    assert is_away(held.value)
    assert not is_away(wrong.value)


async def test_a_table_that_has_just_changed_is_away_once(settings: Settings) -> None:
    small = settings.database.model_copy(update={"pool_size": 1, "pool_overflow": 0})
    async with Database(small) as db, db.autocommit() as connection:
        await connection.execute(text("CREATE TEMPORARY TABLE changing (a int)"))
        await connection.execute(text("SELECT * FROM changing"))
        await connection.execute(text("ALTER TABLE changing ADD COLUMN b int"))
        with pytest.raises(DBAPIError, match="cached statement") as changed:
            await connection.execute(text("SELECT * FROM changing"))
        result = await connection.execute(text("SELECT * FROM changing"))

    assert is_away(changed.value)
    assert list(result.keys()) == ["a", "b"]


async def test_connections_carry_the_limits(db: Database) -> None:
    names = ("lock_timeout", "idle_in_transaction_session_timeout", "application_name")
    async with db.autocommit() as connection:
        found = [(await connection.execute(text(f"SHOW {name}"))).scalar() for name in names]

    assert found == ["2s", "5s", "slipstream"]


@asynccontextmanager
async def stopped(settings: Settings) -> AsyncIterator[Database]:
    """A database whose only connection leads to a process that has stopped, as after a host has gone."""
    brief = timedelta(milliseconds=500)
    small = {"pool_size": 1, "pool_overflow": 0, "pool_timeout": brief, "statement_timeout": brief}
    db = Database(settings.database.model_copy(update=small))
    async with db.autocommit() as connection:
        backend = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
    os.kill(backend, signal.SIGSTOP)
    try:
        yield db
    finally:
        os.kill(backend, signal.SIGCONT)
        await db.engine.dispose()


async def test_a_statement_that_is_never_answered_fails_and_the_next_has_a_new_connection(settings: Settings) -> None:
    async with stopped(settings) as db:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(10) as patience, db.autocommit() as connection:
                await connection.execute(text("SELECT 1"))

        assert not patience.expired()
        async with db.autocommit() as connection:
            assert (await connection.execute(text("SELECT 1"))).scalar() == 1


async def test_a_transaction_that_is_never_answered_is_503(settings: Settings, limiter: Limiter) -> None:
    app = create_app(settings)
    app.state.limiter = limiter
    async with stopped(settings) as app.state.db, browser(app) as client, asyncio.timeout(10):
        body = {"email": new_email(), "password": "a long enough secret", "name": "Ada"}
        response = await client.post("/api/v1/auth/register", json=body)

    problem(response, 503, "unavailable")


async def test_a_process_leaves_although_the_database_does_not_answer(settings: Settings) -> None:
    async with stopped(settings) as db, asyncio.timeout(5), db:
        pass
