"""Development without an SMTP server: a page shows the mails. Anywhere else there is no such page."""

import dataclasses
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from redis.asyncio import Redis

from app.core.ids import new_id
from app.mail.kept import KeptPost, kept
from app.mail.letters import Button, Letter
from app.mail.message import message
from app.main import create_app
from app.settings import Settings
from tests.people import browser

LINK = "http://localhost:3000/reset-password#token=abc"
LETTER = Letter("A <letter>", ("Dear you,",), Button("Open", LINK))
PATHS = ["/api/v1/dev/mails", "/api/v1/dev/mails.json", "/api/v1/dev/mails/x"]


def developing(settings: Settings, **mail: object) -> Settings:
    site = settings.app.model_copy(update={"environment": "development"})
    return dataclasses.replace(settings, app=site, mail=settings.mail.model_copy(update=mail))


async def keep(valkey: Redis, recipient: str = "ada@example.com") -> None:
    mail = message(LETTER, mail_id=new_id(), sender="a@example.org", recipient=recipient)
    await KeptPost(valkey).deliver(mail)


@pytest.fixture
async def page(settings: Settings, valkey: Redis) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on a development machine."""
    app = create_app(developing(settings))
    app.state.valkey = valkey
    await valkey.delete("slipstream:kept-mails")
    async with browser(app) as client:
        yield client
    app.state.authentication.passwords.close()


async def test_the_page_shows_them_newest_first(page: httpx.AsyncClient, valkey: Redis) -> None:
    await keep(valkey, "first@example.com")
    await keep(valkey, "second@example.com")

    response = await page.get(PATHS[0])

    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.text.index("second@example.com") < response.text.index("first@example.com")
    assert f'<a href="{LINK}">' in response.text
    assert "A &lt;letter&gt;" in response.text
    assert "script" not in response.headers["content-security-policy"]


async def test_programs_get_them_too_and_a_reader_the_html(page: httpx.AsyncClient, valkey: Redis) -> None:
    await keep(valkey)

    [mail] = (await page.get(PATHS[1])).json()["items"]

    assert mail.keys() == {"id", "to", "subject", "text", "html", "sent_at"}
    assert mail["text"] == LETTER.text
    assert (await page.get(f"/api/v1/dev/mails/{mail['id']}")).text == LETTER.html
    assert (await page.get("/api/v1/dev/mails/x")).status_code == 404


async def test_there_are_never_more_than_fifty_and_not_for_long(page: httpx.AsyncClient, valkey: Redis) -> None:
    for _ in range(52):
        await keep(valkey)

    assert len(await kept(valkey)) == 50
    assert 0 < await valkey.ttl("slipstream:kept-mails") <= 86_400


async def test_the_way_there_is_told(page: httpx.AsyncClient) -> None:
    options = (await page.get("/api/v1/auth/options")).json()

    assert (options["mails_url"], options["password_reset"]) == (PATHS[0], True)


@pytest.mark.parametrize("path", PATHS)
async def test_elsewhere_there_is_no_such_page(client: httpx.AsyncClient, app: FastAPI, path: str) -> None:
    assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize("path", PATHS)
async def test_nor_where_mails_are_sent(settings: Settings, path: str) -> None:
    app = create_app(developing(settings, smtp_url=SecretStr("smtp://localhost:25")))

    async with browser(app) as client:
        response = await client.get(path)

    app.state.authentication.passwords.close()
    assert response.status_code == 404
