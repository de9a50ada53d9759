"""What a worker does about mails: all are sent, none more than twice, whatever happens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from app.core.db import Database
from app.core.keyed_hash import KeyedHash
from app.mail import service
from app.mail.letters import Letter
from app.mail.links import Links
from app.mail.repository import Mail
from app.mail.sender import Sender
from app.mail.smtp import SmtpPost
from app.settings.mail import SmtpServer as Configured
from tests.mail.smtp_server import SmtpServer, smtp_server
from tests.mail.waiting import eventually
from tests.people import new_email

TIMEOUT = timedelta(seconds=5)


async def write(_: Mail) -> Letter | None:
    return Letter("A letter", ("Dear you,",))


class Desk:
    """Mails, and workers that send them."""

    def __init__(self, db: Database, server: SmtpServer) -> None:
        self._db = db
        self.server = server

    async def execute(self, sql: str, **values: Any) -> Any:
        async with self._db.autocommit() as connection:
            result = await connection.execute(text(sql), values)
            return result.all() if result.returns_rows else []

    async def ask(self, *, kind: str = "letter") -> str:
        """Asks for a mail. Gives its recipient."""
        recipient = new_email()
        async with self._db.transaction() as tx:
            await service.ask(tx, kind, recipient=recipient)
        return recipient

    async def until(self, what: str, recipient: str) -> None:
        """Waits until this holds for the mail's row."""
        await eventually(lambda: self.execute(f"SELECT 1 FROM mails WHERE recipient = :to AND {what}", to=recipient))

    async def until_gone(self, recipient: str) -> None:
        """Waits until nothing is left to do about the mail."""
        query = "SELECT 1 WHERE NOT EXISTS (SELECT FROM mails WHERE recipient = :to)"
        await eventually(lambda: self.execute(query, to=recipient))

    async def make_due(self, recipient: str) -> None:
        await self.execute("UPDATE mails SET due_at = now() WHERE recipient = :to", to=recipient)

    @asynccontextmanager
    async def worker(self, *, timeout: timedelta = TIMEOUT, letters: Any = None) -> AsyncIterator[Sender]:
        post = SmtpPost(Configured(SecretStr(self.server.url)), timeout=timeout)
        sender = Sender(
            self._db,
            post,
            letters or {"letter": write},
            sender="Slipstream <no-reply@example.org>",
            timeout=timeout,
            retry_for=timedelta(hours=6),
            poll=0.02,
            first_pause=0.05,
        )
        task = asyncio.create_task(sender.run())
        try:
            yield sender
        finally:
            task.cancel()  # as dead as a task can be: nothing is handed back
            await asyncio.gather(task, return_exceptions=True)
            post.close()


@pytest.fixture
async def desk(db: Database) -> AsyncIterator[Desk]:
    async with smtp_server() as server:
        desk = Desk(db, server)
        await desk.execute("DELETE FROM mails")
        yield desk
        await desk.execute("DELETE FROM mails")


async def test_a_mail_is_sent_and_forgotten(desk: Desk) -> None:
    async with desk.worker():
        recipient = await desk.ask()
        mail = await desk.server.mail_to(recipient)
        await desk.until_gone(recipient)

    assert mail.content["Subject"] == "A letter"
    assert len(desk.server.mails) == 1


async def test_workers_share_them(desk: Desk) -> None:
    recipients = [await desk.ask() for _ in range(20)]

    async with AsyncExitStack() as workers:
        for _ in range(3):
            await workers.enter_async_context(desk.worker())
        for recipient in recipients:
            await desk.until_gone(recipient)

    assert sorted(mail.recipient for mail in desk.server.mails) == sorted(recipients)


async def test_a_server_that_comes_back_gets_them(desk: Desk) -> None:
    desk.server.answers = {"HELLO": "421 too busy"}
    recipient = await desk.ask()

    async with desk.worker():
        await desk.until("attempts >= 3", recipient)
        desk.server.answers = {}
        await desk.until_gone(recipient)

    assert len(desk.server.mails) == 1


async def test_a_known_failure_leaves_no_doubt(desk: Desk) -> None:
    desk.server.answers = {"RCPT": "450 later"}
    recipient = await desk.ask()

    async with desk.worker():
        await desk.until("attempts >= 3 AND doubts = 0", recipient)


async def test_pauses_grow(desk: Desk) -> None:
    desk.server.answers = {"HELLO": "421 too busy"}
    recipient = await desk.ask()
    await desk.execute("UPDATE mails SET attempts = 20 WHERE recipient = :to", to=recipient)

    async with desk.worker():
        await desk.until("attempts = 21 AND due_at > now() + interval '10 minutes'", recipient)

    assert await desk.execute(
        "SELECT 1 FROM mails WHERE recipient = :to AND due_at < now() + interval '16 minutes'", to=recipient
    )


async def test_nobody_by_that_name_is_final(desk: Desk) -> None:
    desk.server.answers = {"RCPT": "550 nobody"}
    recipient = await desk.ask()

    async with desk.worker():
        await desk.until_gone(recipient)

    assert desk.server.connections == 1


async def test_what_was_tried_for_hours_is_given_up(desk: Desk) -> None:
    desk.server.answers = {"HELLO": "421 too busy"}
    recipient = await desk.ask()

    async with desk.worker():
        await desk.until("attempts >= 1", recipient)
        await desk.execute(
            "UPDATE mails SET created_at = now() - interval '7 hours' WHERE recipient = :to", to=recipient
        )
        await desk.make_due(recipient)
        await desk.until_gone(recipient)

    assert not desk.server.mails


async def test_a_slow_server_delays_no_other_work_and_is_tried_again(desk: Desk) -> None:
    desk.server.answers = {"EHLO": None}
    recipient = await desk.ask()

    async with desk.worker(timeout=timedelta(seconds=0.2)):
        await desk.until("attempts >= 2 AND doubts = 0", recipient)


async def test_a_worker_killed_in_mid_send_sends_at_most_twice(desk: Desk) -> None:
    desk.server.answers = {"END": None}  # it has the mail, and never says so
    recipient = await desk.ask()

    for attempt in (1, 2):
        async with desk.worker():
            await desk.server.mail_to(recipient, attempt)
        await desk.make_due(recipient)
    desk.server.answers = {}
    async with desk.worker():
        await desk.until_gone(recipient)

    first, second = desk.server.to(recipient)
    assert first.content["Message-ID"] == second.content["Message-ID"]


async def test_nobody_else_takes_a_mail_that_is_being_sent(desk: Desk) -> None:
    desk.server.answers = {"END": None}
    recipient = await desk.ask()

    async with desk.worker(), desk.worker():
        await desk.server.mail_to(recipient)
        others = [await desk.ask(kind="other") for _ in range(3)]
        await desk.until("doubts > 0", others[0])

    assert len(desk.server.to(recipient)) == 1


async def test_a_worker_that_drains_finishes_what_it_sends(desk: Desk) -> None:
    recipients = [await desk.ask() for _ in range(3)]

    async with desk.worker() as sender:
        await desk.server.mail_to(recipients[0])
        await sender.drain()

    left = await desk.execute("SELECT 1 FROM mails WHERE doubts > 0")
    assert not left


async def test_a_mail_with_nothing_to_tell_is_not_sent(desk: Desk) -> None:
    async def nothing(_: Mail) -> Letter | None:
        return None

    recipient = await desk.ask()

    async with desk.worker(letters={"letter": nothing}):
        await desk.until_gone(recipient)

    assert desk.server.connections == 0


async def test_a_mail_that_can_not_be_written_does_not_stop_the_others(desk: Desk) -> None:
    async def breaks(_: Mail) -> Letter | None:
        raise RuntimeError

    broken, good = await desk.ask(kind="broken"), await desk.ask()

    async with desk.worker(letters={"letter": write, "broken": breaks}):
        await desk.until_gone(good)
        await desk.until("attempts >= 1", broken)

    assert [mail.recipient for mail in desk.server.mails] == [good]


async def test_asked_again_it_is_one_mail_and_a_new_one(desk: Desk, db: Database) -> None:
    recipient = await desk.ask()
    [(first,)] = await desk.execute("SELECT id FROM mails WHERE recipient = :to", to=recipient)
    await desk.execute("UPDATE mails SET attempts = 5, doubts = 2 WHERE id = :id", id=first)

    async with db.transaction() as tx:
        await service.ask(tx, "letter", recipient=recipient)

    [(second, attempts, doubts)] = await desk.execute(
        "SELECT id, attempts, doubts FROM mails WHERE recipient = :to", to=recipient
    )
    assert second != first
    assert (attempts, doubts) == (0, 0)


async def test_a_mail_that_was_taken_back_while_it_was_written_gets_no_link(desk: Desk, db: Database) -> None:
    made: list[str | None] = []
    tried = asyncio.Event()
    links = Links(db, KeyedHash("x" * 32), site="https://slipstream.example.org")

    async def late(mail: Mail) -> Letter | None:
        await desk.execute("DELETE FROM mails WHERE id = :id", id=mail.id)
        made.append(await links.make(mail, "reset-password", email=mail.recipient, user_id=None, ttl=TIMEOUT))
        tried.set()
        return None

    recipient = await desk.ask()
    async with desk.worker(letters={"letter": late}):
        await desk.until_gone(recipient)
        await asyncio.wait_for(tried.wait(), 20)

    assert made == [None]
    assert not await desk.execute("SELECT 1 FROM one_time_links WHERE email = :to", to=recipient)
