"""Machines for tests: each has a key of somebody."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import httpx
from fastapi import FastAPI

from app.api_keys import repository
from app.api_keys.authentication import ApiKeys
from app.api_keys.keys import new_key, shown
from app.core.caller import Caller
from app.core.db import Database

ALL = ("tasks:read", "tasks:write", "design")


async def add_key(
    app: FastAPI, caller: Caller, scopes: Collection[str] = ALL, expires_at: datetime | None = None
) -> tuple[UUID, str]:
    """A new key of the caller: its id and its text."""
    db: Database = app.state.db
    api_keys: ApiKeys = app.state.api_keys
    key = new_key()
    async with db.transaction() as tx:
        row = await repository.add(tx, caller, "Report", shown(key), api_keys.hashed(key), scopes, expires_at)
    return row.id, key


@asynccontextmanager
async def machine(app: FastAPI, key: str, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
    """A program that comes with the key, and with nothing else that a browser sends."""
    transport = httpx.ASGITransport(app=app)
    headers |= {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(
        transport=transport, base_url=app.state.settings.app.site_url, headers=headers
    ) as client:
        yield client
