"""A site that sends mails and verifies addresses, a mailbox, and people with a password."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import text

from app.accounts import repository
from app.accounts.authentication import Authentication
from app.core.db import Database
from app.core.origin import Origin
from app.credentials.letters import Letters
from app.mail.sender import Sender
from app.mail.smtp import SmtpPost
from app.main import create_app
from app.settings import LimitSettings, Settings
from app.settings.mail import SmtpServer as Configured
from tests.mail.smtp_server import SmtpServer, smtp_server
from tests.people import browser, new_email

PASSWORD = "slow rivers carve deep"
NEW_PASSWORD = "quiet maps fold themselves"


class Member(NamedTuple):
    """Somebody with a password, and a way to sign in."""

    id: UUID
    email: str
    sign_in: Callable[[], Awaitable[httpx.AsyncClient]]


@pytest.fixture(scope="session")
async def mailbox() -> AsyncIterator[SmtpServer]:
    async with smtp_server() as server:
        yield server


@pytest.fixture(scope="session")
def site_settings(settings: Settings, mailbox: SmtpServer) -> Settings:
    mail = settings.mail.model_copy(update={"smtp_url": SecretStr(mailbox.url), "email_verification": True})
    limits = settings.limits.model_copy(update=dict.fromkeys(LimitSettings.model_fields))  # off: all come from here
    others = {name: getattr(settings, name) for name in Settings.__slots__ if name not in {"mail", "limits"}}
    return Settings(mail=mail, limits=limits, **others)


@pytest.fixture(scope="session")
async def site(site_settings: Settings) -> AsyncIterator[FastAPI]:
    """The whole application, with mail."""
    site = create_app(site_settings)
    async with site.router.lifespan_context(site):
        yield site


@pytest.fixture(scope="session")
async def password_hash(site: FastAPI) -> str:
    """Of PASSWORD."""
    authentication: Authentication = site.state.authentication
    return await authentication.passwords.hash(PASSWORD)


@asynccontextmanager
async def sender(db: Database, settings: Settings) -> AsyncIterator[None]:
    """A worker's side of the mails, for as long as the context lasts."""
    assert settings.mail.smtp_url
    post = SmtpPost(Configured(settings.mail.smtp_url), timeout=timedelta(seconds=5))
    sending = Sender(
        db,
        post,
        Letters(db, settings).kinds,
        sender="Slipstream <no-reply@example.org>",
        timeout=timedelta(seconds=5),
        retry_for=timedelta(hours=1),
        poll=0.02,
    )
    task = asyncio.create_task(sending.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        post.close()


@pytest.fixture
async def _sending(db: Database, site_settings: Settings) -> AsyncIterator[None]:
    async with sender(db, site_settings):
        yield


@pytest.fixture
async def visitor(site: FastAPI, _sending: None) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on the site that sends mails."""
    async with browser(site) as client:
        yield client


@pytest.fixture
async def join(site: FastAPI, db: Database, password_hash: str) -> AsyncIterator[Callable[[], Awaitable[Member]]]:
    """Makes somebody with the password PASSWORD."""
    authentication: Authentication = site.state.authentication
    async with AsyncExitStack() as browsers:

        async def made() -> Member:
            async with db.transaction() as tx:
                user = await repository.add_user(tx, email=new_email(), name="Ada", password_hash=password_hash)
            assert user

            async def sign_in() -> httpx.AsyncClient:
                async with db.transaction() as tx:
                    signed_in = await authentication.sessions.start(
                        tx, user_id=user.id, origin=Origin("", "", ""), method="password"
                    )
                client = await browsers.enter_async_context(browser(site))
                domain = f"{client.base_url.host}.local"
                client.cookies.set(authentication.cookies.access, signed_in.pair.access_token, domain)
                client.cookies.set(authentication.cookies.refresh, signed_in.pair.refresh_token, domain)
                return client

            return Member(user.id, user.email, sign_in)

        yield made


@pytest.fixture
async def member(join: Callable[[], Awaitable[Member]]) -> Member:
    return await join()


@pytest.fixture
async def stranger_member(join: Callable[[], Awaitable[Member]]) -> Member:
    return await join()


class Store:
    """What the database says."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def value(self, sql: str, **values: object) -> object:
        async with self._db.autocommit() as connection:
            result = await connection.execute(text(sql), values)
            return result.scalar() if result.returns_rows else None

    async def audited(self, user_id: UUID) -> list[str]:
        async with self._db.autocommit() as connection:
            query = text("SELECT action FROM audit_events WHERE user_id = :id AND action <> 'signed_in' ORDER BY id")
            return list((await connection.execute(query, {"id": user_id})).scalars())


@pytest.fixture
def store(db: Database) -> Store:
    return Store(db)
