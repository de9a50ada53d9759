"""Seeing one's sessions, and ending them."""

from datetime import datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI

from app.accounts.authentication import Authentication
from app.accounts.devices import device_of
from app.core.db import Database
from app.core.ids import new_id
from app.core.origin import Origin
from tests.accounts.test_refresh import events, refresh
from tests.people import Person, browser
from tests.problems import problem

SESSIONS = "/api/v1/auth/sessions"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.fixture
async def elsewhere(app: FastAPI, person: Person, db: Database) -> httpx.Cookies:
    """The cookies of the same person on another device."""
    authentication: Authentication = app.state.authentication
    async with db.transaction() as tx:
        origin = Origin("203.0.113.7", FIREFOX, "")
        sign_in = await authentication.sessions.start(tx, user_id=person.id, origin=origin, method="password")
    cookies = httpx.Cookies()
    cookies.set(authentication.cookies.access, sign_in.pair.access_token, "localhost.local")
    cookies.set(authentication.cookies.refresh, sign_in.pair.refresh_token, "localhost.local")
    return cookies


async def test_all_are_listed_with_device_and_place(person: Person, elsewhere: httpx.Cookies) -> None:
    items = (await person.browser.get(SESSIONS)).json()["items"]

    assert [(item["device"], item["address"], item["current"]) for item in items] == [
        ("Firefox on Linux", "203.0.113.7", False),
        ("Unknown device", "", True),
    ]
    assert items[1]["id"] == str(person.caller.credential_id)
    times = [datetime.fromisoformat(items[0][name]) for name in ("created_at", "last_used_at", "expires_at")]
    assert times[0] <= times[1] < times[2] <= times[1] + timedelta(days=14)


async def test_ending_another_one_leaves_this_one(
    app: FastAPI, person: Person, elsewhere: httpx.Cookies, db: Database
) -> None:
    other = next(item for item in (await person.browser.get(SESSIONS)).json()["items"] if not item["current"])

    assert (await person.browser.delete(f"{SESSIONS}/{other['id']}")).status_code == 204

    async with browser(app) as client:
        client.cookies = elsewhere
        problem(await client.get(SESSIONS), 401, "unauthenticated")
        problem(await refresh(client), 401, "session_revoked")
    assert [item["current"] for item in (await person.browser.get(SESSIONS)).json()["items"]] == [True]
    assert (await events(db, person))[-1] == "session_ended"


async def test_ending_this_one_takes_the_cookies_away(person: Person) -> None:
    assert (await person.browser.delete(f"{SESSIONS}/{person.caller.credential_id}")).status_code == 204

    assert not person.browser.cookies


async def test_nobody_ends_what_isn_t_theirs(person: Person, stranger: Person) -> None:
    problem(await person.browser.delete(f"{SESSIONS}/{stranger.caller.credential_id}"), 404, "not_found")
    problem(await person.browser.delete(f"{SESSIONS}/{new_id()}"), 404, "not_found")
    assert (await stranger.browser.get(SESSIONS)).status_code == 200


MOZILLA = "Mozilla/5.0"
WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (FIREFOX, "Firefox on Linux"),
        (f"{MOZILLA} (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/142.0.0.0 Safari/537.36", "Chrome on Windows"),
        (f"{MOZILLA} (Windows NT 10.0) {WEBKIT} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", "Edge on Windows"),
        (f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/26.0 Safari/605.1.15", "Safari on macOS"),
        (f"{MOZILLA} (iPhone; CPU iPhone OS 26_0 like Mac OS X) {WEBKIT} CriOS/142.0 Safari/604", "Chrome on iPhone"),
        (f"{MOZILLA} (Linux; Android 16; K) {WEBKIT} SamsungBrowser/29.0 Chrome/136.0", "Samsung Internet on Android"),
        (f"{MOZILLA} (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/142.0.0.0 Safari/537.36", "Chrome on ChromeOS"),
        (f"{MOZILLA} (Linux; Android 16)", "Android"),
        ("curl/8.17.0", "curl"),
        ("python-httpx/0.28.1", "python-httpx"),
        (MOZILLA, "Unknown device"),
        ("", "Unknown device"),
        ("<script>alert(1)</script>", "Unknown device"),
    ],
)
def test_devices_have_names_that_people_know(agent: str, device: str) -> None:
    assert device_of(agent) == device
