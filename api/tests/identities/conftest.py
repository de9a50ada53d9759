"""The app with three providers that answer on this machine."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from app.identities.discord import Discord
from app.identities.github import GitHub
from app.identities.provider import Client
from app.identities.providers import identities_of
from app.identities.wire import Wire
from tests.identities.kinds import DiscordSite, GitHubSite, OidcProvider
from tests.identities.provider import CLIENT_ID, CLIENT_SECRET, served


@pytest.fixture
async def oidc() -> AsyncIterator[OidcProvider]:
    async with served(provider := OidcProvider()):
        yield provider


@pytest.fixture
async def github() -> AsyncIterator[GitHubSite]:
    async with served(site := GitHubSite()):
        yield site


@pytest.fixture
async def discord() -> AsyncIterator[DiscordSite]:
    async with served(site := DiscordSite()):
        yield site


@pytest.fixture(autouse=True)
async def configured(app: FastAPI, oidc: OidcProvider, github: GitHubSite, discord: DiscordSite) -> AsyncIterator[None]:
    """All of them are offered; of GitHub and Discord only the addresses are other ones."""
    before = app.state.settings, app.state.identities
    settings = app.state.settings
    secret = SecretStr(CLIENT_SECRET)
    own = settings.identities.model_copy(
        update={
            **{f"{name}_client_id": CLIENT_ID for name in ("oidc", "github", "discord")},
            **{f"{name}_client_secret": secret for name in ("oidc", "github", "discord")},
            "oidc_issuer": oidc.url,
        }
    )
    settings = replace(settings, identities=own)
    identities = identities_of(settings)
    wire = Wire(plain_http=True)

    def client(name: str) -> Client:
        return Client(CLIENT_ID, CLIENT_SECRET, f"{settings.app.site_url}/api/v1/auth/{name}/callback")

    identities.providers["github"] = GitHub(wire, client("github"), site=github.url, api=github.url)
    identities.providers["discord"] = Discord(wire, client("discord"), site=discord.url)
    app.state.settings, app.state.identities = settings, identities
    yield
    app.state.settings, app.state.identities = before
