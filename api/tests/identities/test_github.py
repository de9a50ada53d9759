"""Signing in at GitHub."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.identities.kinds import GitHubSite
from tests.identities.provider import Reply
from tests.identities.visits import error_of, start, visit, who
from tests.people import new_email


async def test_somebody_new_gets_an_account_with_the_primary_address(
    client: httpx.AsyncClient, github: GitHubSite
) -> None:
    assert await visit(client, github, "github") == "/tasks"

    me = (await client.get("/api/v1/me")).json()
    assert (me["email"], me["name"]) == (github.email, "monalisa octocat")


async def test_what_it_is_asked(client: httpx.AsyncClient, github: GitHubSite) -> None:
    location = await start(client, "github")

    asked = parse_qs(urlsplit(location).query)
    assert location.startswith(f"{github.url}/login/oauth/authorize?")
    assert asked["scope"] == ["read:user user:email"]
    assert "nonce" not in asked


async def test_without_a_name_it_is_the_login(client: httpx.AsyncClient, github: GitHubSite) -> None:
    github.user["name"] = None

    await visit(client, github, "github")

    assert (await client.get("/api/v1/me")).json()["name"] == "octocat"


@pytest.mark.parametrize(
    "emails",
    [
        [],
        {"message": "Resource not accessible"},
        [{"email": new_email(), "verified": False, "primary": True}],
        [{"email": new_email(), "verified": True, "primary": False}],
        [
            {"email": new_email(), "verified": False, "primary": True},
            {"email": new_email(), "verified": True, "primary": False},
        ],
    ],
)
async def test_an_address_that_is_not_verified_signs_nobody_in(
    client: httpx.AsyncClient, github: GitHubSite, emails: Any
) -> None:
    github.emails = emails
    github.user["email"] = new_email()  # what is shown in public is nobody's proof

    assert error_of(await visit(client, github, "github")) == "email_unverified"
    assert await who(client) is None


async def test_whoever_says_no_is_told_so(client: httpx.AsyncClient, github: GitHubSite) -> None:
    assert error_of(await visit(client, github, "github", act=github.deny)) == "denied"


async def test_a_code_that_was_used_is_refused_with_200(client: httpx.AsyncClient, github: GitHubSite) -> None:
    def spent(location: str) -> str:
        back = github.sign_in(location)
        github.grants.clear()
        return back

    assert error_of(await visit(client, github, "github", act=spent)) == "provider_refused"


@pytest.mark.parametrize("path", ["/login/oauth/access_token", "/user", "/user/emails"])
async def test_it_may_be_cut_off_anywhere(client: httpx.AsyncClient, github: GitHubSite, path: str) -> None:
    github.replies[path] = lambda _: Reply({"message": "x" * 1_000}, cut=True)

    assert error_of(await visit(client, github, "github")) == "provider_unavailable"
    assert await who(client) is None


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply({"message": "Server Error"}, 502), "provider_unavailable"),
        (Reply({"message": "API rate limit exceeded"}, 403), "provider_refused"),
        (Reply({"login": "nobody"}), "provider_refused"),
        (Reply({"id": True}), "provider_refused"),
        (Reply({"id": ""}), "provider_refused"),
        (Reply([]), "provider_unavailable"),
        (Reply({}, 301, {"location": "https://api.github.com/user"}), "provider_unavailable"),
    ],
)
async def test_its_api_may_not_be_well(client: httpx.AsyncClient, github: GitHubSite, reply: Reply, code: str) -> None:
    github.replies["/user"] = lambda _: reply

    assert error_of(await visit(client, github, "github")) == code
