"""Signing in at Discord."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.identities.kinds import DiscordSite
from tests.identities.provider import Reply
from tests.identities.visits import error_of, start, visit, who


async def test_somebody_new_gets_an_account(client: httpx.AsyncClient, discord: DiscordSite) -> None:
    assert await visit(client, discord, "discord") == "/tasks"

    me = (await client.get("/api/v1/me")).json()
    assert (me["email"], me["name"]) == (discord.email, "Nelly")


async def test_what_it_is_asked(client: httpx.AsyncClient, discord: DiscordSite) -> None:
    location = await start(client, "discord")

    asked = parse_qs(urlsplit(location).query)
    assert location.startswith(f"{discord.url}/oauth2/authorize?")
    assert asked["scope"] == ["identify email"]
    assert asked["prompt"] == ["none"]
    assert parse_qs(urlsplit(await start(client, "discord", fresh="1")).query)["prompt"] == ["consent"]


@pytest.mark.parametrize("bent", [{"verified": False}, {"verified": None}, {"email": None}])
async def test_an_address_that_is_not_verified_signs_nobody_in(
    client: httpx.AsyncClient, discord: DiscordSite, bent: dict[str, object]
) -> None:
    discord.user |= bent

    assert error_of(await visit(client, discord, "discord")) == "email_unverified"
    assert await who(client) is None


async def test_an_answer_of_another_one_is_refused(client: httpx.AsyncClient, discord: DiscordSite) -> None:
    def bent(location: str) -> str:
        return discord.sign_in(location, iss="https://evil.example")

    assert error_of(await visit(client, discord, "discord", act=bent)) == "provider_refused"
    assert discord.asked == []


@pytest.mark.parametrize("path", ["/api/oauth2/token", "/api/v10/users/@me"])
async def test_it_may_be_cut_off_anywhere(client: httpx.AsyncClient, discord: DiscordSite, path: str) -> None:
    discord.replies[path] = lambda _: Reply({"message": "x" * 1_000}, cut=True)

    assert error_of(await visit(client, discord, "discord")) == "provider_unavailable"
    assert await who(client) is None
