"""Asks for mails, and knows one-time links again."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row

from app.core.db import Reader, WriteTransaction
from app.core.keyed_hash import KeyedHash
from app.mail import jobs, repository
from app.mail.errors import LinkExpired, LinkInvalid


class Link(NamedTuple):
    """What a one-time link was for."""

    user_id: UUID | None
    email: str
    created_at: datetime


async def ask(tx: WriteTransaction, kind: str, *, recipient: str, user_id: UUID | None = None) -> None:
    """Has a worker write and send a mail of this kind after the commit.

    Whether there is anything to tell the recipient is decided then: asking is the same work for every address.
    """
    await repository.add(tx, kind, recipient=recipient, user_id=user_id)
    tx.after_commit(jobs.ring)


async def look(db: Reader, keyed_hash: KeyedHash, purpose: str, secret: str) -> Link:
    """The link that the secret opens, which stays good. Raises LinkInvalid and LinkExpired."""
    return _good(await repository.find_link(db, purpose=purpose, hashed=hash_of(keyed_hash, purpose, secret)))


async def spend(tx: WriteTransaction, keyed_hash: KeyedHash, purpose: str, secret: str) -> Link:
    """The link that the secret opens, once: of two who come at the same time one gets it. Raises as `look`."""
    return _good(await repository.take_link(tx, purpose=purpose, hashed=hash_of(keyed_hash, purpose, secret)))


async def withdraw(tx: WriteTransaction, *, user_id: UUID | None, email: str, kinds: Collection[str]) -> None:
    """Makes void what the user was sent or is still to be sent: links, and mails of the kinds that have one."""
    # in this order: a mail that is just being sent has its link by then, or gets none
    await repository.withdraw_mails(tx, user_id, email, list(kinds))
    await repository.delete_links(tx, user_id=user_id, email=email)


def hash_of(keyed_hash: KeyedHash, purpose: str, secret: str) -> bytes:
    """What is kept of a link's secret."""
    return keyed_hash(f"link:{purpose}", secret)


def _good(found: Row[Any] | None) -> Link:
    if found is None:
        raise LinkInvalid
    if not found.is_good:
        raise LinkExpired
    return Link(found.user_id, found.email, found.created_at)
