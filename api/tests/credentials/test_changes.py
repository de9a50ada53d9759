"""Changing a password and an e-mail address."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
from fastapi import FastAPI

from app.accounts import repository
from app.accounts.authentication import Authentication
from app.core.db import Database
from tests.credentials.conftest import NEW_PASSWORD, PASSWORD, Member, Store
from tests.credentials.test_reset import ask, confirm
from tests.credentials.test_verification import register as ask_to_register
from tests.credentials.test_verification import sign_in
from tests.mail.smtp_server import SmtpServer
from tests.people import Person, new_email
from tests.problems import problem


async def change(client: httpx.AsyncClient, new: str = NEW_PASSWORD, current: str = PASSWORD) -> httpx.Response:
    return await client.post("/api/v1/me/password", json={"current_password": current, "new_password": new})


async def move(client: httpx.AsyncClient, email: str, password: str = PASSWORD) -> httpx.Response:
    return await client.post("/api/v1/me/email", json={"email": email, "password": password})


async def take(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.post("/api/v1/auth/change-email", json={"token": token})


async def test_a_new_password_ends_the_other_sessions_and_this_one_goes_on(
    visitor: httpx.AsyncClient, member: Member, mailbox: SmtpServer, store: Store
) -> None:
    here, elsewhere = await member.sign_in(), await member.sign_in()
    before = dict(here.cookies)

    response = await change(here)

    assert response.status_code == 204
    assert len(response.headers.get_list("set-cookie")) == 2
    assert set(here.cookies.values()).isdisjoint(before.values())
    assert (await here.get("/api/v1/me")).status_code == 200
    assert (await here.post("/api/v1/auth/refresh")).status_code == 204
    problem(await elsewhere.get("/api/v1/me"), 401, "unauthenticated")
    problem(await sign_in(visitor, member.email), 401, "invalid_credentials")
    assert (await sign_in(visitor, member.email, NEW_PASSWORD)).status_code == 200
    assert await store.audited(member.id) == ["password_changed", "sign_in_failed"]
    assert "password" in (await mailbox.mail_to(member.email)).content["Subject"]


async def test_a_wrong_password_changes_nothing_and_is_noted(member: Member, store: Store) -> None:
    here, elsewhere = await member.sign_in(), await member.sign_in()

    problem(await change(here, current="another one entirely"), 403, "wrong_password")
    problem(await move(here, new_email(), "another one entirely"), 403, "wrong_password")

    assert (await elsewhere.get("/api/v1/me")).status_code == 200
    assert await store.audited(member.id) == ["sign_in_failed", "sign_in_failed"]
    assert await store.value("SELECT count(*) FROM mails WHERE user_id = :id", id=member.id) == 0


@pytest.mark.parametrize("new", ["passwordpassword", "Ada slipstream 2026", "fourteen chars"])
async def test_a_weak_new_password_is_refused(member: Member, new: str) -> None:
    body = problem(await change(await member.sign_in(), new), 422, "invalid_body")

    assert [error["pointer"] for error in body["errors"]] == ["/new_password"]


async def test_who_has_no_password_proves_nothing_by_one(member: Member, store: Store) -> None:
    client = await member.sign_in()
    await store.value("UPDATE users SET password_hash = NULL WHERE id = :id", id=member.id)

    problem(await change(client), 403, "wrong_password")


async def test_wrong_passwords_here_are_counted_as_at_sign_in(
    app: FastAPI, person: Person, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def is_wrong(*_: object) -> tuple[bool, None]:  # at once: there are many
        return False, None

    monkeypatch.setattr(app.state.authentication.passwords, "verify", is_wrong)

    answers = [await change(person.browser, current="another one entirely") for _ in range(11)]

    assert {answer.status_code for answer in answers[:10]} == {403}
    problem(answers[10], 429, "rate_limited")
    problem(await sign_in(client, person.email), 429, "rate_limited")


async def test_a_new_address_is_the_account_s_when_its_link_is_used(
    visitor: httpx.AsyncClient, member: Member, mailbox: SmtpServer, store: Store
) -> None:
    client, new = await member.sign_in(), new_email()

    response = await move(client, new.upper())

    assert (response.status_code, response.json()) == (202, {"email": new})
    assert (await client.get("/api/v1/me")).json()["email"] == member.email
    assert "about to change" in (await mailbox.mail_to(member.email)).content["Subject"]
    assert (await take(visitor, (await mailbox.mail_to(new)).token)).status_code == 204
    assert (await client.get("/api/v1/me")).json()["email"] == new
    assert (await sign_in(visitor, new)).status_code == 200
    problem(await sign_in(visitor, member.email), 401, "invalid_credentials")
    assert "has changed" in (await mailbox.mail_to(member.email, 2)).content["Subject"]
    assert "email_changed" in await store.audited(member.id)


async def test_the_link_of_an_address_is_good_once_and_for_the_last_address_only(
    visitor: httpx.AsyncClient, member: Member, mailbox: SmtpServer
) -> None:
    client, first, second = await member.sign_in(), new_email(), new_email()
    await move(client, first)
    void = (await mailbox.mail_to(first)).token
    await move(client, second)
    good = (await mailbox.mail_to(second)).token

    problem(await take(visitor, void), 410, "link_invalid")
    assert (await take(visitor, good)).status_code == 204
    problem(await take(visitor, good), 410, "link_invalid")
    assert (await client.get("/api/v1/me")).json()["email"] == second


async def test_a_changed_password_takes_the_change_of_address_back(
    visitor: httpx.AsyncClient, member: Member, mailbox: SmtpServer
) -> None:
    client, new = await member.sign_in(), new_email()
    await move(client, new)
    token = (await mailbox.mail_to(new)).token

    await change(client)

    problem(await take(visitor, token), 410, "link_invalid")


async def test_a_changed_address_makes_links_to_the_old_one_void(
    visitor: httpx.AsyncClient, member: Member, mailbox: SmtpServer
) -> None:
    client, new = await member.sign_in(), new_email()
    await move(client, new)
    to_new = (await mailbox.mail_to(new)).token
    await ask(visitor, member.email)
    await mailbox.mail_to(member.email, 2)
    to_old = mailbox.to(member.email)[-1].token

    assert (await take(visitor, to_new)).status_code == 204

    problem(await confirm(visitor, to_old), 410, "link_invalid")


async def test_an_address_that_somebody_has_is_not_told_but_their_mailbox(
    join: Callable[[], Awaitable[Member]], member: Member, visitor: httpx.AsyncClient, mailbox: SmtpServer
) -> None:
    other = await join()

    response = await move(await member.sign_in(), other.email)

    assert (response.status_code, response.json()) == (202, {"email": other.email})
    mail = await mailbox.mail_to(other.email)
    assert "You have an account" in mail.content["Subject"]
    assert "#token=" not in mail.text


async def test_an_address_that_somebody_took_meanwhile_is_taken(
    join: Callable[[], Awaitable[Member]],
    member: Member,
    visitor: httpx.AsyncClient,
    mailbox: SmtpServer,
    store: Store,
) -> None:
    client, new = await member.sign_in(), new_email()
    await move(client, new)
    token = (await mailbox.mail_to(new)).token
    await store.value("UPDATE users SET email = :new WHERE id = :id", new=new, id=(await join()).id)

    problem(await take(visitor, token), 409, "email_taken")


async def test_a_registration_that_waits_for_the_address_comes_to_nothing(
    member: Member, visitor: httpx.AsyncClient, mailbox: SmtpServer
) -> None:
    client, new = await member.sign_in(), new_email()
    await ask_to_register(visitor, new, NEW_PASSWORD)
    registered = (await mailbox.mail_to(new)).token
    await move(client, new)
    await take(visitor, (await mailbox.mail_to(new, 2)).token)

    response = await visitor.post("/api/v1/auth/verify-email", json={"token": registered})

    problem(response, 410, "link_invalid")
    problem(await sign_in(visitor, new, NEW_PASSWORD), 401, "invalid_credentials")


async def test_where_no_mail_is_sent_the_address_changes_at_once(
    app: FastAPI, person: Person, stranger: Person, db: Database
) -> None:
    authentication: Authentication = app.state.authentication
    async with db.transaction() as tx:
        await repository.set_password_hash(tx, person.id, await authentication.passwords.hash(PASSWORD))
    new = new_email()

    assert (await move(person.browser, new)).status_code == 204
    assert (await person.browser.get("/api/v1/me")).json()["email"] == new
    problem(await move(person.browser, stranger.email), 409, "email_taken")


async def test_the_way_in_is_told(client: httpx.AsyncClient, visitor: httpx.AsyncClient) -> None:
    plain = (await client.get("/api/v1/auth/options")).json()
    mailing = (await visitor.get("/api/v1/auth/options")).json()

    assert plain == {"registration": "open", "password_reset": False, "mails_url": None, "providers": []}
    assert mailing == {"registration": "verified", "password_reset": True, "mails_url": None, "providers": []}
