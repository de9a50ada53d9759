"""Linking: an account elsewhere becomes a way into this one from within, never by its address."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.core.db import Database
from app.core.ids import new_id
from tests.identities.kinds import DiscordSite, GitHubSite, OidcProvider
from tests.identities.visits import come_back, error_of, start, visit, who
from tests.people import Person, browser
from tests.problems import problem

LINKED = "/settings/linked-accounts"


async def identities(person: Person | httpx.AsyncClient) -> Any:
    client = person.browser if isinstance(person, Person) else person
    return (await client.get("/api/v1/me/identities")).json()


async def rows(db: Database, action: str, user_id: UUID) -> list[Any]:
    query = text("SELECT facts FROM audit_events WHERE action = :action AND user_id = :user ORDER BY id")
    async with db.autocommit() as connection:
        found = await connection.execute(query, {"action": action, "user": user_id})
        return list(found.scalars())


async def test_an_address_that_is_an_account_s_opens_nothing(
    client: httpx.AsyncClient, person: Person, oidc: OidcProvider
) -> None:
    oidc.claims["email"] = person.email.upper()

    location = await visit(client, oidc, next="/tasks/5")

    assert location == "/sign-in?error=account_exists&provider=oidc&next=%2Ftasks%2F5"
    assert await who(client) is None
    assert (await identities(person))["items"] == []


async def test_whoever_is_signed_in_links_and_signs_in_by_it_from_then_on(
    client: httpx.AsyncClient, person: Person, oidc: OidcProvider
) -> None:
    oidc.claims["email"] = person.email

    assert await visit(person.browser, oidc, link="1") == f"{LINKED}?linked=oidc"
    assert await visit(client, oidc) == "/tasks"

    assert await who(client) == person.email
    [identity] = (await identities(person))["items"]
    assert (identity["provider"], identity["name"], identity["email"]) == ("oidc", "Single sign-on", person.email)


async def test_another_address_may_be_linked_and_one_that_nobody_vouches_for(
    client: httpx.AsyncClient, person: Person, discord: DiscordSite
) -> None:
    discord.user |= {"email": None, "verified": False}

    await visit(person.browser, discord, "discord", link="1")
    await visit(client, discord, "discord")

    assert await who(client) == person.email
    assert (await identities(person))["items"][0]["email"] is None


async def test_linking_twice_is_linking(person: Person, oidc: OidcProvider) -> None:
    for _ in range(2):
        assert await visit(person.browser, oidc, link="1") == f"{LINKED}?linked=oidc"

    assert len((await identities(person))["items"]) == 1


async def test_somebody_else_s_stays_theirs(
    client: httpx.AsyncClient, person: Person, stranger: Person, oidc: OidcProvider
) -> None:
    await visit(stranger.browser, oidc, link="1")

    location = await visit(person.browser, oidc, link="1")

    assert location == f"{LINKED}?error=identity_taken&provider=oidc"
    await visit(client, oidc)
    assert await who(client) == stranger.email


async def test_linking_wants_a_session(client: httpx.AsyncClient, oidc: OidcProvider) -> None:
    assert await start(client, link="1") == "/sign-in?next=%2Fsettings%2Flinked-accounts"
    assert not client.cookies


async def test_it_is_linked_to_the_session_s_user_whoever_sits_there_by_then(
    person: Person, stranger: Person, oidc: OidcProvider
) -> None:
    back = oidc.sign_in(await start(person.browser, link="1"))
    for name, value in dict(stranger.browser.cookies).items():
        person.browser.cookies.delete(name)
        person.browser.cookies.set(name, value, "localhost.local")

    assert await come_back(person.browser, back) == f"{LINKED}?error=session_ended&provider=oidc"
    assert (await identities(stranger))["items"] == []


async def test_not_when_they_signed_out_meanwhile(person: Person, oidc: OidcProvider) -> None:
    back = oidc.sign_in(await start(person.browser, link="1"))
    await person.browser.post("/api/v1/auth/logout")

    assert error_of(await come_back(person.browser, back)) == "session_ended"


async def test_but_when_only_the_access_token_has_expired(app: FastAPI, person: Person, oidc: OidcProvider) -> None:
    back = oidc.sign_in(await start(person.browser, link="1"))
    person.browser.cookies.delete(app.state.authentication.cookies.access)

    assert await come_back(person.browser, back) == f"{LINKED}?linked=oidc"


@pytest.mark.parametrize("change", ["disabled_at = now()", "email = 'gone' || id"])
async def test_not_when_they_were_disabled(person: Person, oidc: OidcProvider, db: Database, change: str) -> None:
    back = oidc.sign_in(await start(person.browser, link="1"))
    async with db.autocommit() as connection:
        await connection.execute(text(f"UPDATE users SET {change} WHERE id = :id"), {"id": person.id})

    location = await come_back(person.browser, back)

    assert location == f"{LINKED}?" + ("linked=oidc" if "email" in change else "error=session_ended&provider=oidc")


async def test_a_link_can_t_be_begun_elsewhere(person: Person) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}

    problem(await person.browser.get("/api/v1/auth/oidc/start?link=1", headers=headers), 403, "cross_site")


async def test_letting_one_go(person: Person, client: httpx.AsyncClient, oidc: OidcProvider) -> None:
    await visit(person.browser, oidc, link="1")
    [identity] = (await identities(person))["items"]

    response = await person.browser.delete(f"/api/v1/me/identities/{identity['id']}")

    assert response.status_code == 204
    assert (await identities(person)) == {"items": [], "has_password": True}
    await visit(client, oidc)
    assert await who(client) == oidc.email


async def test_the_last_way_in_stays(client: httpx.AsyncClient, oidc: OidcProvider) -> None:
    await visit(client, oidc)
    found = await identities(client)
    assert found["has_password"] is False

    [identity] = found["items"]
    problem(await client.delete(f"/api/v1/me/identities/{identity['id']}"), 409, "last_way_in")
    assert len((await identities(client))["items"]) == 1


async def test_one_of_two_may_go_but_not_both_at_once(
    client: httpx.AsyncClient, oidc: OidcProvider, github: GitHubSite
) -> None:
    await visit(client, oidc)
    await visit(client, github, "github", link="1")
    both = (await identities(client))["items"]
    assert [identity["provider"] for identity in both] == ["oidc", "github"]

    answers = await asyncio.gather(*(client.delete(f"/api/v1/me/identities/{each['id']}") for each in both))

    assert sorted(answer.status_code for answer in answers) == [204, 409]


async def test_a_provider_that_is_not_offered_any_more_is_no_way_in(
    app: FastAPI, client: httpx.AsyncClient, oidc: OidcProvider, github: GitHubSite, db: Database
) -> None:
    await visit(client, oidc)
    await visit(client, github, "github", link="1")
    async with db.autocommit() as connection:
        query = text("UPDATE identities SET provider = 'google' WHERE provider = 'github' AND subject = :subject")
        await connection.execute(query, {"subject": str(github.user["id"])})
    first, second = (await identities(client))["items"]

    problem(await client.delete(f"/api/v1/me/identities/{first['id']}"), 409, "last_way_in")
    assert (await client.delete(f"/api/v1/me/identities/{second['id']}")).status_code == 204


async def test_somebody_else_s_is_not_there(person: Person, stranger: Person, oidc: OidcProvider) -> None:
    await visit(stranger.browser, oidc, link="1")
    [identity] = (await identities(stranger))["items"]

    problem(await person.browser.delete(f"/api/v1/me/identities/{identity['id']}"), 404, "not_found")
    problem(await person.browser.delete(f"/api/v1/me/identities/{new_id()}"), 404, "not_found")
    assert len((await identities(stranger))["items"]) == 1


async def test_what_happened_is_in_the_audit_log(
    client: httpx.AsyncClient, person: Person, oidc: OidcProvider, db: Database
) -> None:
    await visit(client, oidc)
    me = UUID((await client.get("/api/v1/me")).json()["id"])
    assert await rows(db, "registered", me) == [{"method": "oauth:oidc"}]
    [signed_in] = await rows(db, "signed_in", me)
    assert signed_in["method"] == "oauth:oidc"

    oidc.subject = f"{oidc.subject}, somebody else"
    oidc.claims["email"] = person.email
    await visit(client, oidc)
    assert {"method": "oauth:oidc", "reason": "account_exists"} in await failures(db)

    await visit(person.browser, oidc, link="1")
    [identity] = (await identities(person))["items"]
    await person.browser.delete(f"/api/v1/me/identities/{identity['id']}")
    assert await rows(db, "identity_linked", person.id) == [{"provider": "oidc"}]
    assert await rows(db, "identity_unlinked", person.id) == [{"provider": "oidc"}]


async def test_an_issuer_in_another_s_place_knows_nobody(
    app: FastAPI, client: httpx.AsyncClient, oidc: OidcProvider, db: Database
) -> None:
    await visit(client, oidc)
    async with db.autocommit() as connection:
        await connection.execute(
            text("UPDATE identities SET issuer = 'https://before.example' WHERE issuer = :issuer"), {"issuer": oidc.url}
        )

    async with browser(app) as another:
        assert error_of(await visit(another, oidc)) == "account_exists"


async def failures(db: Database) -> list[Any]:
    async with db.autocommit() as connection:
        found = await connection.execute(text("SELECT facts FROM audit_events WHERE action = 'sign_in_failed'"))
        return list(found.scalars())
