"""Refreshing, over HTTP: what the rules of `accounts.refresh` come to with cookies and rows."""

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.core.db import Database
from app.settings import Settings
from tests.people import Person, browser
from tests.problems import problem

REFRESH = "slipstream_refresh"
ACCESS = "slipstream_access"


async def refresh(client: httpx.AsyncClient, token: str | None = None) -> httpx.Response:
    """Refreshes with the browser's token, or with another one and nothing else."""
    if token is None:
        return await client.post("/api/v1/auth/refresh")
    site = str(client.base_url).rstrip("/")
    async with httpx.AsyncClient(transport=client._transport, base_url=site, headers={"Origin": site}) as other:
        return await other.post("/api/v1/auth/refresh", headers={"Cookie": f"{REFRESH}={token}"})


async def sql(db: Database, statement: str, **values: Any) -> Any:
    async with db.autocommit() as connection:
        result = await connection.execute(text(statement), values)
        return result.all() if result.returns_rows else None


async def long_ago(db: Database, person: Person, *, used: bool) -> None:
    """The last refresh is an hour old; its access token was, or wasn't, seen since."""
    statement = "UPDATE sessions SET rotated_at = now() - interval '1 hour', used_counter = :used WHERE id = :id"
    await sql(db, statement, id=person.caller.credential_id, used=1_000 if used else 0)


async def events(db: Database, person: Person) -> list[str]:
    query = "SELECT action FROM audit_events WHERE user_id = :id ORDER BY id"
    return [row.action for row in await sql(db, query, id=person.id)]


async def test_it_gives_new_cookies(person: Person) -> None:
    before = dict(person.browser.cookies)

    response = await refresh(person.browser)

    assert (response.status_code, response.content) == (204, b"")
    after = dict(person.browser.cookies)
    assert set(after) == {ACCESS, REFRESH}
    assert after[ACCESS] != before[ACCESS]
    assert after[REFRESH] != before[REFRESH]
    assert (await person.browser.get("/api/v1/me")).status_code == 200


async def test_fifty_at_once_leave_one_lineage(person: Person, db: Database) -> None:
    token = person.browser.cookies[REFRESH]

    answers = await asyncio.gather(*(refresh(person.browser, token) for _ in range(50)))

    assert {answer.status_code for answer in answers} == {204}
    successors = {answer.cookies[REFRESH] for answer in answers}
    assert len(successors) == 1
    assert await sql(db, "SELECT counter FROM sessions WHERE user_id = :id", id=person.id) == [(2,)]
    assert (await refresh(person.browser, successors.pop())).status_code == 204


async def test_a_lost_answer_is_asked_for_again_however_late(person: Person, db: Database) -> None:
    lost = await refresh(person.browser, token := person.browser.cookies[REFRESH])
    await long_ago(db, person, used=False)

    again = await refresh(person.browser, token)

    assert again.cookies[REFRESH] == lost.cookies[REFRESH]


async def test_however_many_tabs_ask_for_it_late(person: Person, db: Database) -> None:
    await refresh(person.browser, token := person.browser.cookies[REFRESH])
    await long_ago(db, person, used=False)
    first = await refresh(person.browser, token)
    await sql(db, "UPDATE sessions SET used_counter = 2 WHERE id = :id", id=person.caller.credential_id)

    second = await refresh(person.browser, token)

    assert (first.status_code, second.status_code) == (204, 204)


async def test_the_one_before_is_not_good_once_its_successor_was_used(person: Person, db: Database) -> None:
    token = person.browser.cookies[REFRESH]
    await refresh(person.browser)
    await long_ago(db, person, used=True)

    problem(await refresh(person.browser, token), 401, "refresh_reused")
    problem(await refresh(person.browser), 401, "session_revoked")


async def test_an_old_one_ends_the_session_at_once(person: Person, db: Database) -> None:
    old = person.browser.cookies[REFRESH]
    for _ in range(2):
        await refresh(person.browser)

    answer = await refresh(person.browser, old)

    problem(answer, 401, "refresh_reused")
    assert [("Max-Age=0" in header) for header in answer.headers.get_list("set-cookie")] == [True, True]
    problem(await person.browser.get("/api/v1/me"), 401, "unauthenticated")
    problem(await refresh(person.browser), 401, "session_revoked")
    assert await events(db, person) == ["signed_in", "refresh_reused"]


async def test_nobody_ends_a_session_by_making_up_an_old_token(person: Person) -> None:
    _, _, secret = person.browser.cookies[REFRESH].split(".")
    for _ in range(3):
        await refresh(person.browser)
    made_up = f"{person.caller.credential_id.hex}.1.{secret[::-1]}"

    problem(await refresh(person.browser, made_up), 401, "session_revoked")
    assert (await refresh(person.browser)).status_code == 204


@pytest.mark.parametrize("token", ["garbage", "a.1.b", f"{'0' * 32}.1.{'A' * 64}", f"{'0' * 32}.01.{'A' * 64}"])
async def test_what_is_no_token_of_ours_is_no_session(client: httpx.AsyncClient, token: str) -> None:
    problem(await refresh(client, token), 401, "session_revoked")


async def test_without_a_cookie_the_session_has_expired(client: httpx.AsyncClient) -> None:
    problem(await refresh(client), 401, "session_expired")


async def test_a_session_that_is_not_used_expires(person: Person, db: Database) -> None:
    await sql(db, "UPDATE sessions SET expires_at = now() WHERE id = :id", id=person.caller.credential_id)

    problem(await refresh(person.browser), 401, "session_expired")


async def test_no_session_outlives_its_time_however_much_it_is_used(
    person: Person, db: Database, settings: Settings
) -> None:
    within = "UPDATE sessions SET ends_at = now() + interval '90 s' WHERE id = :id"
    await sql(db, within, id=person.caller.credential_id)

    answer = await refresh(person.browser)

    ages = [int(header.partition("Max-Age=")[2].split(";")[0]) for header in answer.headers.get_list("set-cookie")]
    assert all(80 <= age <= 90 for age in ages)
    [(ends,)] = await sql(db, "SELECT expires_at = ends_at FROM sessions WHERE user_id = :id", id=person.id)
    assert ends


async def test_nothing_that_is_kept_is_a_token(person: Person, db: Database) -> None:
    await refresh(person.browser)

    [row] = await sql(db, "SELECT * FROM sessions WHERE user_id = :id", id=person.id)

    assert person.browser.cookies[REFRESH].split(".")[2] not in str(row)
    assert len({row.refresh_hash, row.previous_hash, row.sealed_successor}) == 3


async def test_a_disabled_user_gets_nothing(person: Person, db: Database) -> None:
    await sql(db, "UPDATE users SET disabled_at = now() WHERE id = :id", id=person.id)

    problem(await refresh(person.browser), 401, "session_revoked")


async def test_another_site_can_t_make_a_browser_refresh(person: Person) -> None:
    elsewhere = {"Origin": "https://evil.example"}

    problem(await person.browser.post("/api/v1/auth/refresh", headers=elsewhere), 403, "cross_site")


async def test_logging_out_ends_the_session_when_only_the_refresh_token_is_left(person: Person, app: FastAPI) -> None:
    token = person.browser.cookies[REFRESH]
    del person.browser.cookies[ACCESS]

    response = await person.browser.post("/api/v1/auth/logout")

    assert response.status_code == 204
    async with browser(app) as client:
        problem(await refresh(client, token), 401, "session_revoked")
