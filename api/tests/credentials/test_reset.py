"""A forgotten password."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import httpx
import pytest

from tests.credentials.conftest import NEW_PASSWORD, PASSWORD, Member, Store
from tests.credentials.test_verification import sign_in, verify
from tests.mail.smtp_server import SmtpServer
from tests.mail.waiting import eventually
from tests.people import new_email
from tests.problems import problem


async def ask(client: httpx.AsyncClient, email: str) -> None:
    response = await client.post("/api/v1/auth/password-reset", json={"email": email})
    assert (response.status_code, response.json()) == (202, {"email": email})


async def confirm(client: httpx.AsyncClient, token: str, password: str = NEW_PASSWORD) -> httpx.Response:
    return await client.post("/api/v1/auth/password-reset/confirm", json={"token": token, "password": password})


@pytest.fixture
async def token(visitor: httpx.AsyncClient, member: Member, mailbox: SmtpServer) -> str:
    """Of the link that the member was sent."""
    await ask(visitor, member.email)
    return (await mailbox.mail_to(member.email)).token


async def test_a_link_sets_a_password_and_ends_every_session(
    visitor: httpx.AsyncClient, member: Member, token: str, mailbox: SmtpServer, store: Store
) -> None:
    devices = [await member.sign_in(), await member.sign_in()]

    response = await confirm(visitor, token)

    assert (response.status_code, response.content) == (204, b"")
    assert "set-cookie" not in response.headers
    for device in devices:
        problem(await device.get("/api/v1/me"), 401, "unauthenticated")
        problem(await device.post("/api/v1/auth/refresh"), 401, "session_revoked")
    problem(await sign_in(visitor, member.email), 401, "invalid_credentials")
    assert (await sign_in(visitor, member.email, NEW_PASSWORD)).status_code == 200
    assert "password_reset" in await store.audited(member.id)
    told = await mailbox.mail_to(member.email, 2)
    assert "password" in told.content["Subject"]
    assert "#token=" not in told.text + told.html


async def test_it_shows_that_the_address_is_theirs(
    visitor: httpx.AsyncClient, member: Member, token: str, store: Store
) -> None:
    await confirm(visitor, token)

    verified_at = await store.value("SELECT email_verified_at FROM users WHERE id = :id", id=member.id)
    assert isinstance(verified_at, datetime)


async def test_a_common_password_leaves_the_link_good(visitor: httpx.AsyncClient, member: Member, token: str) -> None:
    name = member.email.partition("@")[0]
    for password in ("passwordpassword", "slipstream-slipstream", f"Ada {name}"):
        body = problem(await confirm(visitor, token, password), 422, "invalid_body")
        assert [(error["pointer"], error["code"]) for error in body["errors"]] == [("/password", "common_password")]

    assert (await confirm(visitor, token)).status_code == 204


async def test_a_link_is_good_once(visitor: httpx.AsyncClient, token: str) -> None:
    await confirm(visitor, token)

    problem(await confirm(visitor, token, PASSWORD), 410, "link_invalid")


async def test_of_two_at_once_one_wins(visitor: httpx.AsyncClient, token: str, member: Member) -> None:
    passwords = [f"{NEW_PASSWORD} {number}" for number in range(3)]

    answers = await asyncio.gather(*(confirm(visitor, token, password) for password in passwords))

    statuses = [answer.status_code for answer in answers]
    assert sorted(statuses) == [204, 410, 410]
    winner = passwords[statuses.index(204)]
    assert (await sign_in(visitor, member.email, winner)).status_code == 200


async def test_a_link_expires(visitor: httpx.AsyncClient, member: Member, token: str, store: Store) -> None:
    await store.value("UPDATE one_time_links SET expires_at = now() WHERE user_id = :id", id=member.id)

    problem(await confirm(visitor, token), 410, "link_expired")


async def test_a_link_is_good_for_its_purpose_only(
    visitor: httpx.AsyncClient, member: Member, token: str, store: Store
) -> None:
    problem(await verify(visitor, token), 410, "link_invalid")
    problem(await visitor.post("/api/v1/auth/change-email", json={"token": token}), 410, "link_invalid")

    assert await store.value("SELECT count(*) FROM one_time_links WHERE user_id = :id", id=member.id) == 1


async def test_another_link_makes_the_one_before_void(
    visitor: httpx.AsyncClient, member: Member, token: str, mailbox: SmtpServer
) -> None:
    await ask(visitor, member.email)

    second = await mailbox.mail_to(member.email, 2)
    problem(await confirm(visitor, token), 410, "link_invalid")
    assert (await confirm(visitor, second.token)).status_code == 204


async def test_a_changed_password_makes_it_void(visitor: httpx.AsyncClient, member: Member, token: str) -> None:
    client = await member.sign_in()
    body = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    assert (await client.post("/api/v1/me/password", json=body)).status_code == 204

    problem(await confirm(visitor, token, "something else entirely"), 410, "link_invalid")


async def test_a_link_changes_one_account_only(
    visitor: httpx.AsyncClient, join: Callable[[], Awaitable[Member]], token: str
) -> None:
    other = await join()
    client = await other.sign_in()  # even where somebody else is signed in

    await confirm(client, token)

    assert (await sign_in(visitor, other.email)).status_code == 200
    assert (await client.get("/api/v1/me")).status_code == 200


async def test_who_has_no_account_or_may_not_use_it_gets_no_mail(
    visitor: httpx.AsyncClient, member: Member, mailbox: SmtpServer, store: Store
) -> None:
    await store.value("UPDATE users SET disabled_at = now() WHERE id = :id", id=member.id)
    nobody = new_email()

    await ask(visitor, nobody)
    await ask(visitor, member.email)

    query = "SELECT count(*) = 0 FROM mails WHERE recipient IN (:a, :b)"
    await eventually(lambda: store.value(query, a=nobody, b=member.email))
    assert mailbox.to(nobody) == mailbox.to(member.email) == []


async def test_who_was_disabled_meanwhile_has_no_use_for_a_link(
    visitor: httpx.AsyncClient, member: Member, token: str, store: Store
) -> None:
    await store.value("UPDATE users SET disabled_at = now() WHERE id = :id", id=member.id)

    problem(await confirm(visitor, token), 410, "link_invalid")


async def test_who_has_no_password_gets_one(
    visitor: httpx.AsyncClient, member: Member, token: str, store: Store
) -> None:
    await store.value("UPDATE users SET password_hash = NULL WHERE id = :id", id=member.id)

    await confirm(visitor, token)

    assert (await sign_in(visitor, member.email, NEW_PASSWORD)).status_code == 200


async def gave_ways_in(member: Member, store: Store) -> list[object]:
    """Makes a key and an identity for the account. Gives their numbers, as they are asked for later."""
    values = {"id": member.id, "hash": member.email.encode(), "subject": member.email}
    await store.value(
        """
        INSERT INTO api_keys (id, user_id, name, prefix, hash, scopes)
        VALUES (gen_random_uuid(), :id, 'Theirs', 'slp_', :hash, ARRAY['tasks:read'])
        """,
        id=member.id,
        hash=values["hash"],
    )
    await store.value(
        """
        INSERT INTO identities (id, user_id, provider, issuer, subject)
        VALUES (gen_random_uuid(), :id, 'google', 'https://accounts.google.com', :subject)
        """,
        id=member.id,
        subject=values["subject"],
    )
    return await ways_in(member, store)


async def ways_in(member: Member, store: Store) -> list[object]:
    query = "SELECT count(*) FROM {} WHERE user_id = :id"
    return [await store.value(query.format(table), id=member.id) for table in ("api_keys", "identities")]


async def test_who_proves_an_address_for_the_first_time_finds_no_stranger_s_way_in(
    visitor: httpx.AsyncClient, member: Member, token: str, store: Store
) -> None:
    assert await gave_ways_in(member, store) == [1, 1]

    await confirm(visitor, token)

    assert await ways_in(member, store) == [0, 0]
    assert {"key_revoked", "identity_unlinked"} <= set(await store.audited(member.id))


async def test_who_had_proved_it_before_keeps_their_own(
    visitor: httpx.AsyncClient, member: Member, token: str, store: Store
) -> None:
    await gave_ways_in(member, store)
    await store.value("UPDATE users SET email_verified_at = now() WHERE id = :id", id=member.id)

    await confirm(visitor, token)

    assert await ways_in(member, store) == [1, 1]


async def test_where_no_mail_is_sent_nothing_is_asked_for(client: httpx.AsyncClient, store: Store) -> None:
    email = new_email()

    await ask(client, email)

    assert await store.value("SELECT count(*) FROM mails WHERE recipient = :email", email=email) == 0
