"""`python -m app.admin`: the first administrator."""

import asyncio
import sys
from typing import Any

import pytest
from sqlalchemy import text

from app.admin.__main__ import make_admin
from app.core.db import Database
from app.settings import Settings
from tests.people import Person, new_email


async def audited(db: Database, person: Person) -> list[Any]:
    async with db.autocommit() as connection:
        statement = text(
            "SELECT actor_id, facts, user_agent FROM audit_events e JOIN audit_details ON event_id = e.id "
            "WHERE e.user_id = :id AND action = 'role_changed'"
        )
        return [tuple(row) for row in await connection.execute(statement, {"id": person.id})]


async def test_it_makes_one_and_is_in_the_audit_log(settings: Settings, person: Person, db: Database) -> None:
    said = await make_admin(settings, f" {person.email.upper()}")

    assert said == f"{person.email} is an administrator now."
    assert await make_admin(settings, person.email) == f"{person.email} is an administrator already."
    assert await audited(db, person) == [(None, {"before": "user", "after": "admin"}, "make admin")]
    assert (await person.browser.post("/api/v1/auth/refresh")).status_code == 204
    assert (await person.browser.get("/api/v1/admin/users")).status_code == 200


async def test_it_says_that_an_account_is_disabled(settings: Settings, person: Person, db: Database) -> None:
    async with db.autocommit() as connection:
        await connection.execute(text("UPDATE users SET disabled_at = now() WHERE id = :id"), {"id": person.id})

    assert (await make_admin(settings, person.email)).endswith("The account is disabled, though.")


async def run(*words: str) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app.admin", *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()


async def test_it_says_when_there_is_nobody(settings: Settings) -> None:
    email = new_email()

    assert await run(email) == (1, f"There is no account with the address {email}: register it first.\n")


@pytest.mark.parametrize("given", ["nobody", "", "a@b@c"])
async def test_it_says_what_is_no_address(settings: Settings, given: str) -> None:
    with pytest.raises(SystemExit, match=f"This is not an e-mail address: {given}"):
        await make_admin(settings, given)
