"""The first account of a new installation."""

import asyncio
import json
import os
import sys

from fastapi import FastAPI
from sqlalchemy import text

from app.core.db import Database
from tests.people import browser, new_email


async def run(email: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app.first_account"),
        env={**os.environ, "FIRST_ACCOUNT_EMAIL": email},
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    assert process.returncode == 0
    return told.decode()


async def test_it_is_made_once_and_administers(app: FastAPI, db: Database) -> None:
    async with db.transaction() as tx:
        await tx.execute(text("DELETE FROM users"))
    email = new_email().upper()

    first, again = await run(email), await run(new_email())

    account = json.loads(first)
    assert again == ""
    assert account["email"] == email.lower()
    async with browser(app) as client:
        signed_in = await client.post("/api/v1/auth/login", json=account)
    assert (signed_in.status_code, signed_in.json()["role"]) == (200, "admin")
