"""People for tests: each has an account and a browser of their own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple
from uuid import UUID

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts import repository
from app.accounts.authentication import Authentication
from app.core.caller import Caller, Role
from app.core.db import Database
from app.core.ids import new_id
from app.core.origin import Origin

NOWHERE = Origin("", "", "")


class Person(NamedTuple):
    """Somebody who is signed in, with the browser they use."""

    caller: Caller
    email: str
    browser: httpx.AsyncClient

    @property
    def id(self) -> UUID:
        return self.caller.user_id

    async def create_task(self, prompt: str = "A library of seeds", **headers: str) -> dict[str, Any]:
        response = await self.browser.post("/api/v1/tasks", json={"prompt": prompt}, headers=headers)
        assert response.status_code == 202, response.text
        task: dict[str, Any] = response.json()
        return task


def new_email() -> str:
    return f"{new_id().hex}@example.com"


@asynccontextmanager
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that shows the site."""
    site = app.state.settings.app.site_url
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=site, headers={"Origin": site}) as client:
        yield client


@asynccontextmanager
async def register(app: FastAPI, role: Role = "user") -> AsyncIterator[Person]:
    """A new person: rows and cookies are made directly, since a password hash takes its time."""
    db: Database = app.state.db
    authentication: Authentication = app.state.authentication
    email = new_email()
    async with db.transaction() as tx:
        user = await repository.add_user(tx, email=email, name="Ada", password_hash="-")
        assert user
        await tx.execute(text("UPDATE users SET role = :role WHERE id = :id"), {"role": role, "id": user.id})
        sign_in = await authentication.sessions.start(tx, user_id=user.id, origin=NOWHERE, method="password")
    async with browser(app) as client:
        domain = f"{client.base_url.host}.local"  # so the jar calls a host without a dot, and what it sends
        client.cookies.set(authentication.cookies.access, sign_in.pair.access_token, domain)
        client.cookies.set(authentication.cookies.refresh, sign_in.pair.refresh_token, domain)
        yield Person(Caller(user.id, sign_in.session_id, role), email, client)
