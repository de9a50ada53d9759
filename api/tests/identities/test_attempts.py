"""An attempt to sign in belongs to one browser, one provider and ten minutes."""

import asyncio
import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.responses import Response

from app.core.caller import Caller
from app.core.db import Database
from app.core.ids import new_id
from app.core.keyed_hash import KeyedHash
from app.identities.cookies import Attempts
from app.settings import Settings
from tests.identities.kinds import DiscordSite, OidcProvider
from tests.identities.visits import come_back, error_of, start, visit, who
from tests.people import browser


def of_attempts(client: httpx.AsyncClient) -> str:
    """The name of the one cookie."""
    [name] = [name for name in client.cookies if "oauth" in name]
    return name


async def test_the_cookie(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/v1/auth/oidc/start")

    pair, *flags = response.headers["set-cookie"].split("; ")
    name, _, value = pair.partition("=")
    assert name.removeprefix("slipstream_oauth_").isalnum()
    assert sorted(flag.lower() for flag in flags) == ["httponly", "max-age=600", "path=/", "samesite=lax"]
    assert len(pair) < 1_000
    state = parse_qs(urlsplit(response.headers["location"]).query)["state"][0]
    assert state not in value


async def test_on_https_it_is_this_host_s_alone(settings: Settings) -> None:
    site = settings.app.model_copy(update={"site_url": "https://slipstream.example.org"})
    attempts, response = Attempts(site, KeyedHash("k")), Response()
    request = httpx.Request("GET", "https://slipstream.example.org")
    request.cookies = {}  # type: ignore[attr-defined]

    attempts.keep(request, response, attempts.begin("oidc", next_path="/"))  # type: ignore[arg-type]

    pair, *flags = response.headers["set-cookie"].split("; ")
    assert pair.startswith("__Host-slipstream_oauth_")
    assert {"secure", "path=/", "httponly"} <= {flag.lower() for flag in flags}
    assert not any(flag.lower().startswith("domain") for flag in flags)


async def test_the_cookie_is_gone_after_its_use(client: httpx.AsyncClient, oidc: OidcProvider) -> None:
    await visit(client, oidc)

    assert not [name for name in client.cookies if "oauth" in name]


async def test_an_answer_is_good_once(client: httpx.AsyncClient, oidc: OidcProvider) -> None:
    back = oidc.sign_in(await start(client))
    await come_back(client, back)
    client.cookies.clear()

    assert error_of(await come_back(client, back)) == "attempt_expired"
    assert await who(client) is None


async def test_nor_is_its_code_where_somebody_kept_the_cookie(client: httpx.AsyncClient, oidc: OidcProvider) -> None:
    back = oidc.sign_in(await start(client))
    name = of_attempts(client)
    kept = client.cookies[name]
    await come_back(client, back)
    client.cookies.clear()
    client.cookies.set(name, kept)

    assert error_of(await come_back(client, back)) == "provider_refused"
    assert await who(client) is None


async def test_two_at_once_are_one(client: httpx.AsyncClient, oidc: OidcProvider) -> None:
    back = oidc.sign_in(await start(client))

    ends = await asyncio.gather(come_back(client, back), come_back(client, back))

    assert sorted(ends) == ["/sign-in?error=provider_refused&provider=oidc&next=%2Ftasks", "/tasks"]


async def test_two_accounts_are_never_made_of_one_identity(
    app: FastAPI, client: httpx.AsyncClient, oidc: OidcProvider, db: Database
) -> None:
    async with browser(app) as other:
        backs = [(each, oidc.sign_in(await start(each))) for each in (client, other)]
        ends = await asyncio.gather(*(come_back(each, back) for each, back in backs))

        assert ends == ["/tasks", "/tasks"]
        assert await who(client) == await who(other) == oidc.email
    async with db.autocommit() as connection:
        query = text("SELECT count(*) FROM identities WHERE issuer = :issuer")
        assert (await connection.execute(query, {"issuer": oidc.url})).scalar_one() == 1


async def test_another_browser_has_none(app: FastAPI, client: httpx.AsyncClient, oidc: OidcProvider) -> None:
    back = oidc.sign_in(await start(client))

    async with browser(app) as another:
        await start(another)
        assert error_of(await come_back(another, back)) == "attempt_expired"
        assert await who(another) is None
    assert not [asked for asked in oidc.asked if asked.path == "/token"]


@pytest.mark.parametrize("state", ["", "another", "x" * 43, "é"])
async def test_another_state_is_no_attempt(client: httpx.AsyncClient, oidc: OidcProvider, state: str) -> None:
    back = urlsplit(oidc.sign_in(await start(client)))
    query = {**{name: value for name, [value] in parse_qs(back.query).items()}, "state": state}

    assert error_of(await come_back(client, f"{back.path}?{urlencode(query)}")) == "attempt_expired"


async def test_nor_is_none(client: httpx.AsyncClient, oidc: OidcProvider) -> None:
    await start(client)

    assert error_of(await come_back(client, "/api/v1/auth/oidc/callback?code=1")) == "attempt_expired"
    assert error_of(await come_back(client, "/api/v1/auth/oidc/callback")) == "attempt_expired"


async def test_one_of_another_provider_is_none(
    client: httpx.AsyncClient, oidc: OidcProvider, discord: DiscordSite
) -> None:
    """A provider that is in an attacker's hands gets no code of another's, and passes none on."""
    back = oidc.sign_in(await start(client))
    elsewhere = back.replace("/oidc/", "/discord/")

    assert error_of(await come_back(client, elsewhere)) == "attempt_expired"
    assert discord.asked == []


@pytest.mark.parametrize(
    "bend",
    [
        lambda value: value[:-2] + ("AA" if value[-2:] != "AA" else "BB"),
        lambda value: value[: len(value) // 2],
        lambda value: "." + value,
        lambda _: "",
        lambda _: "a.b.c.d.e",
        lambda _: "eyJhbGciOiJub25lIn0.e30.",
        lambda value: value.replace(value.split(".")[3][:4], "AAAA", 1),
    ],
)
async def test_a_cookie_that_was_changed_is_none(
    client: httpx.AsyncClient, oidc: OidcProvider, bend: Callable[[str], str]
) -> None:
    back = oidc.sign_in(await start(client))
    name = of_attempts(client)
    value = client.cookies[name]
    client.cookies.clear()
    client.cookies.set(name, bend(value))

    assert error_of(await come_back(client, back)) == "attempt_expired"


async def test_a_cookie_is_for_its_own_state(client: httpx.AsyncClient, oidc: OidcProvider) -> None:
    first = oidc.sign_in(await start(client))
    name = of_attempts(client)
    client.cookies.clear()
    await start(client)
    other = client.cookies[of_attempts(client)]
    client.cookies.clear()
    client.cookies.set(name, other)

    assert error_of(await come_back(client, first)) == "attempt_expired"


async def test_one_is_over_after_ten_minutes(
    client: httpx.AsyncClient, oidc: OidcProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = oidc.sign_in(await start(client))
    now = time.time()
    monkeypatch.setattr("app.identities.cookies.time", type("Later", (), {"time": lambda: now + 601}))

    assert error_of(await come_back(client, back)) == "attempt_expired"


def test_another_key_opens_nothing(settings: Settings) -> None:
    attempts, others = (Attempts(settings.app, KeyedHash(key)) for key in ("one", "another"))
    caller = Caller(new_id(), new_id(), "user")
    attempt = attempts.begin("oidc", next_path="/", link_to=caller)
    response = Response()
    request = httpx.Request("GET", "http://localhost")
    request.cookies = {}  # type: ignore[attr-defined]
    attempts.keep(request, response, attempt)  # type: ignore[arg-type]
    name, _, value = response.headers["set-cookie"].split(";")[0].partition("=")

    assert attempts._open(name, value) == attempt
    assert others._open(name, value) is None
