"""Registering where addresses are verified."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from app.core.db import Database
from app.settings import Settings
from tests.credentials.conftest import NEW_PASSWORD, PASSWORD, Member, Store, sender
from tests.mail.smtp_server import SmtpServer
from tests.people import browser, new_email
from tests.problems import problem


async def register(client: httpx.AsyncClient, email: str, password: str = PASSWORD) -> None:
    body = {"email": email, "password": password, "name": "Ada"}
    response = await client.post("/api/v1/auth/register", json=body)
    assert (response.status_code, response.json()) == (202, {"email": email.lower()})
    assert "set-cookie" not in response.headers


async def verify(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.post("/api/v1/auth/verify-email", json={"token": token})


async def sign_in(client: httpx.AsyncClient, email: str, password: str = PASSWORD) -> httpx.Response:
    return await client.post("/api/v1/auth/login", json={"email": email, "password": password})


@pytest.fixture
async def asked(visitor: httpx.AsyncClient) -> str:
    """The address of somebody who registered just now."""
    email = new_email()
    await register(visitor, email)
    return email


async def test_the_link_makes_the_account(
    visitor: httpx.AsyncClient, asked: str, mailbox: SmtpServer, store: Store
) -> None:
    assert await store.value("SELECT 1 FROM users WHERE email = :email", email=asked) is None

    mail = await mailbox.mail_to(asked)
    response = await verify(visitor, mail.token)

    assert (response.status_code, response.content) == (204, b"")
    assert "set-cookie" not in response.headers
    signed_in = await sign_in(visitor, asked)
    assert signed_in.status_code == 200
    assert await store.value("SELECT email_verified_at FROM users WHERE email = :email", email=asked)
    assert await store.audited(signed_in.json()["id"]) == ["registered", "email_verified"]
    assert await store.value("SELECT count(*) FROM registrations WHERE email = :email", email=asked) == 0


async def test_the_secret_is_in_the_fragment_and_nothing_that_is_kept_opens_it(
    asked: str, mailbox: SmtpServer, store: Store
) -> None:
    mail = await mailbox.mail_to(asked)

    assert f"http://localhost:3000/verify-email#token={mail.token}" in mail.text
    assert mail.text.count("http") == 1
    kept = await store.value("SELECT row_to_json(l)::text FROM one_time_links l WHERE email = :email", email=asked)
    assert len(mail.token) == 43
    assert mail.token not in str(kept)
    assert mail.token.encode().hex() not in str(kept)


async def test_before_that_only_who_knows_the_password_learns_of_it(visitor: httpx.AsyncClient, asked: str) -> None:
    problem(await sign_in(visitor, asked), 403, "email_unverified")
    problem(await sign_in(visitor, asked, NEW_PASSWORD), 401, "invalid_credentials")


async def test_a_link_is_good_once(visitor: httpx.AsyncClient, asked: str, mailbox: SmtpServer) -> None:
    token = (await mailbox.mail_to(asked)).token
    await verify(visitor, token)

    problem(await verify(visitor, token), 410, "link_invalid")


async def test_of_two_at_once_one_wins(visitor: httpx.AsyncClient, asked: str, mailbox: SmtpServer) -> None:
    token = (await mailbox.mail_to(asked)).token

    answers = await asyncio.gather(*(verify(visitor, token) for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [204, 410, 410, 410, 410]


async def test_a_link_expires(visitor: httpx.AsyncClient, asked: str, mailbox: SmtpServer, store: Store) -> None:
    token = (await mailbox.mail_to(asked)).token
    await store.value("UPDATE one_time_links SET expires_at = now() WHERE email = :email", email=asked)

    problem(await verify(visitor, token), 410, "link_expired")
    problem(await sign_in(visitor, asked), 403, "email_unverified")


async def test_another_link_makes_the_one_before_void(
    visitor: httpx.AsyncClient, asked: str, mailbox: SmtpServer
) -> None:
    first = await mailbox.mail_to(asked)

    response = await visitor.post("/api/v1/auth/verify-email/resend", json={"email": asked})

    second = await mailbox.mail_to(asked, 2)
    assert (response.status_code, response.json()) == (202, {"email": asked})
    problem(await verify(visitor, first.token), 410, "link_invalid")
    assert (await verify(visitor, second.token)).status_code == 204


async def test_who_registers_again_means_the_new_password(
    visitor: httpx.AsyncClient, asked: str, mailbox: SmtpServer
) -> None:
    first = await mailbox.mail_to(asked)

    await register(visitor, asked, NEW_PASSWORD)

    second = await mailbox.mail_to(asked, 2)
    problem(await verify(visitor, first.token), 410, "link_invalid")
    await verify(visitor, second.token)
    assert (await sign_in(visitor, asked, NEW_PASSWORD)).status_code == 200
    problem(await sign_in(visitor, asked), 401, "invalid_credentials")


async def test_a_link_doesn_t_make_an_account_of_what_was_asked_for_after_it(
    site: FastAPI, site_settings: Settings, db: Database, mailbox: SmtpServer
) -> None:
    email = new_email()
    async with browser(site) as client:
        async with sender(db, site_settings):
            await register(client, email)
            first = await mailbox.mail_to(email)
        await register(client, email, NEW_PASSWORD)  # its own mail waits: nobody sends any now

        problem(await verify(client, first.token), 410, "link_invalid")


async def test_who_has_an_account_is_told_by_mail_and_nothing_changes(
    visitor: httpx.AsyncClient, member: Member, mailbox: SmtpServer
) -> None:
    await register(visitor, member.email, NEW_PASSWORD)

    mail = await mailbox.mail_to(member.email)
    assert "You have an account" in mail.content["Subject"]
    assert "#token=" not in mail.text + mail.html
    assert (await sign_in(visitor, member.email)).status_code == 200
    problem(await sign_in(visitor, member.email, NEW_PASSWORD), 401, "invalid_credentials")


async def test_no_mail_repeats_what_somebody_typed(visitor: httpx.AsyncClient, mailbox: SmtpServer) -> None:
    email = new_email()
    body = {"email": email, "password": PASSWORD, "name": "Win at https://evil.example"}

    await visitor.post("/api/v1/auth/register", json=body)

    mail = await mailbox.mail_to(email)
    assert "evil" not in mail.text + mail.html + str(mail.raw)


@pytest.mark.parametrize("token", ["x", "A" * 43, "é" * 43, "../../x", "' OR 1=1 --"])
async def test_what_was_never_sent_is_no_link(visitor: httpx.AsyncClient, token: str) -> None:
    problem(await verify(visitor, token), 410, "link_invalid")
