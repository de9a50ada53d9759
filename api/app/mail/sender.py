"""A worker process's side of the mails: one loop that claims, writes and sends them."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import structlog

from app.core.aio import heed_cancel, wait_until
from app.core.db import Database
from app.mail import repository
from app.mail.letters import Letter
from app.mail.message import message
from app.mail.post import NotSentError, Post
from app.mail.repository import Mail

log = structlog.get_logger(__name__)

AT_ONCE = 4
_POLL = 2.0
_FIRST_PAUSE = 15.0
_LONGEST_PAUSE = 900.0
_LAST_MOMENTS = 2.0

Write = Callable[[Mail], Awaitable[Letter | None]]
"""Writes a mail of one kind; None when there is nothing to tell the recipient any more."""


class Sender:
    """Sends a few at a time; a server that is slow delays nothing but mails.

    A mail is sent twice at most, whatever dies: each attempt is noted before it begins, and taken back only when it
    certainly failed. The second one has the same Message-ID.
    """

    def __init__(
        self,
        db: Database,
        post: Post,
        letters: Mapping[str, Write],
        *,
        sender: str,
        timeout: timedelta,
        retry_for: timedelta,
        poll: float = _POLL,
        first_pause: float = _FIRST_PAUSE,
    ) -> None:
        self._db = db
        self._post = post
        self._letters = letters
        self._sender = sender
        self._lease = 2 * timeout + timedelta(seconds=10)  # it is over when nobody can be at it any more
        self._retry_for = retry_for
        self._poll = poll
        self._first_pause = first_pause
        self._doorbell = asyncio.Event()
        self._doorbell.set()
        self._under_way: set[asyncio.Task[None]] = set()
        self._draining = False

    def ring(self) -> None:
        """There may be a mail. To be called in the sender's loop."""
        self._doorbell.set()

    async def run(self) -> None:
        """Works until it is cancelled."""
        async with asyncio.TaskGroup() as group:
            while not self._draining:
                heed_cancel()
                await wait_until(self._doorbell, self._poll)
                self._doorbell.clear()
                try:
                    mails = await self._claim()
                except Exception as error:
                    log.warning("no mail can be claimed", error=repr(error))
                    continue
                for mail in mails:
                    task = group.create_task(self._send(mail))
                    self._under_way.add(task)
                    task.add_done_callback(self._sent)

    async def drain(self) -> None:
        """Takes no more mails, and gives those under way their last moments."""
        self._draining = True
        self._doorbell.set()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=_LAST_MOMENTS)

    async def _claim(self) -> list[Mail]:
        for given_up in await repository.give_up(self._db, self._retry_for):
            log.error("a mail is given up", mail_id=str(given_up.id), kind=given_up.kind, attempts=given_up.attempts)
        room = AT_ONCE - len(self._under_way)
        if room <= 0 or self._draining:
            return []
        return await repository.claim(self._db, room=room, lease=self._lease)

    def _sent(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._doorbell.set()  # there may be more than there was room for

    async def _send(self, mail: Mail) -> None:
        told = log.bind(mail_id=str(mail.id), kind=mail.kind, attempt=mail.attempts)
        try:
            if letter := await self._letters[mail.kind](mail):
                await self._post.deliver(
                    message(letter, mail_id=mail.id, sender=self._sender, recipient=mail.recipient)
                )
                told.info("mail sent")
            await repository.done(self._db, mail)
        except NotSentError as error:
            told.warning("a mail was not sent", error=_without(mail.recipient, str(error)), final=error.final)
            await self._after(mail, error)
        except Exception as error:
            told.warning("a mail was not written", error=type(error).__name__)
            await self._after(mail, NotSentError("", known=False))

    async def _after(self, mail: Mail, error: NotSentError) -> None:
        longest = min(self._first_pause * 2 ** (mail.attempts - 1), _LONGEST_PAUSE)
        pause = timedelta(seconds=longest * random.uniform(0.75, 1))  # noqa: S311 (no secret)
        try:
            if error.final:
                await repository.done(self._db, mail)
            else:
                await repository.again(self._db, mail, pause=pause, known=error.known)
        except Exception as lost:  # the lease brings it back
            log.warning("a mail's fate is not noted", mail_id=str(mail.id), error=type(lost).__name__)


def _without(recipient: str, words: str) -> str:
    """What a server said; most repeat the address."""
    return words.replace(recipient, "…")
