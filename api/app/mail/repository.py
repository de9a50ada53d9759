"""Every query about mails and their links. What the worker does to them is one statement each, in autocommit.

Postgres's clock is the only one: a worker's own may be wrong.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from app.core.db import Database, Reader, WriteTransaction
from app.core.ids import new_id
from app.mail.models import MailRow, OneTimeLinkRow

_WITHIN = 5.0
_MOST_DOUBTS = 2

_CLAIM = text(
    f"""
    UPDATE mails SET attempts = mails.attempts + 1, doubts = mails.doubts + 1,
        due_at = now() + CAST(:lease AS interval)
    FROM (
        SELECT m.id FROM mails m WHERE m.due_at <= now() AND m.doubts < {_MOST_DOUBTS}
        ORDER BY m.due_at LIMIT :room FOR UPDATE SKIP LOCKED
    ) AS due
    WHERE mails.id = due.id
    RETURNING mails.id, mails.kind, mails.recipient, mails.user_id, mails.attempts
    """
)
_GIVE_UP = text(
    f"""
    DELETE FROM mails USING (
        SELECT m.id FROM mails m
        WHERE m.due_at <= now()
          AND (m.doubts >= {_MOST_DOUBTS} OR m.created_at < now() - CAST(:retry_for AS interval))
        FOR UPDATE SKIP LOCKED
    ) AS over
    WHERE mails.id = over.id
    RETURNING mails.id, mails.kind, mails.attempts
    """
)
_DONE = text("DELETE FROM mails WHERE id = :id AND attempts = :attempts")
_AGAIN = text(
    """
    UPDATE mails SET due_at = now() + CAST(:pause AS interval), doubts = doubts - CAST(:known AS int)
    WHERE id = :id AND attempts = :attempts
    """
)
# The lock on the mail orders this against whoever takes it back or asks for it anew: either they see this link, or the
# mail is no more what it was, and there is none.
_ADD_LINK = text(
    """
    WITH mine AS (SELECT m.id FROM mails m WHERE m.id = :mail_id AND m.attempts = :attempts FOR SHARE),
    replaced AS (
        DELETE FROM one_time_links l USING mine
        WHERE l.purpose = :purpose AND l.mail_id <> mine.id
          AND (l.user_id = CAST(:user_id AS uuid)
            OR (l.user_id IS NULL AND CAST(:user_id AS uuid) IS NULL AND l.email = :email))
    )
    INSERT INTO one_time_links (id, mail_id, user_id, purpose, email, hash, expires_at)
    SELECT :id, mine.id, CAST(:user_id AS uuid), :purpose, :email, :hash, now() + CAST(:ttl AS interval) FROM mine
    RETURNING id
    """
)
_LINK = (
    OneTimeLinkRow.user_id,
    OneTimeLinkRow.email,
    OneTimeLinkRow.created_at,
    (OneTimeLinkRow.expires_at > func.now()).label("is_good"),
)


class Mail(NamedTuple):
    """A mail that this process is to send, and which attempt that is."""

    id: UUID
    kind: str
    recipient: str
    user_id: UUID | None
    attempts: int


async def add(tx: WriteTransaction, kind: str, *, recipient: str, user_id: UUID | None) -> None:
    """Has a mail sent; one of its kind that still waits is replaced by it."""
    row = {"id": new_id(), "kind": kind, "recipient": recipient, "user_id": user_id}
    statement = insert(MailRow).values(row)
    anew = {"id": statement.excluded.id, "attempts": 0, "doubts": 0, "due_at": func.now(), "created_at": func.now()}
    same = [MailRow.recipient, MailRow.kind, MailRow.user_id]
    await tx.execute(statement.on_conflict_do_update(index_elements=same, set_=anew))


async def claim(db: Database, *, room: int, lease: timedelta) -> list[Mail]:
    """Up to `room` mails that are due; nobody else gets them until the lease is over."""
    rows = await db.execute(_CLAIM, {"room": room, "lease": lease}, within=_WITHIN)
    return [Mail._make(row) for row in rows]


async def give_up(db: Database, retry_for: timedelta) -> Sequence[Row[Any]]:
    """Deletes mails that were tried for that long, or of which two attempts may have arrived. Gives what they were."""
    return await db.execute(_GIVE_UP, {"retry_for": retry_for}, within=_WITHIN)


async def done(db: Database, mail: Mail) -> None:
    """The mail is sent, or has become pointless."""
    await db.execute(_DONE, {"id": mail.id, "attempts": mail.attempts}, within=_WITHIN)


async def again(db: Database, mail: Mail, *, pause: timedelta, known: bool) -> None:
    """The mail is tried again after a pause; `known` says that it certainly wasn't sent."""
    values = {"id": mail.id, "attempts": mail.attempts, "pause": pause, "known": int(known)}
    await db.execute(_AGAIN, values, within=_WITHIN)


async def add_link(
    db: Database, mail: Mail, *, purpose: str, user_id: UUID | None, email: str, hashed: bytes, ttl: timedelta
) -> bool:
    """Stores a link of this mail; those of earlier ones are void. False when the mail is no more to be sent."""
    values = {"id": new_id(), "mail_id": mail.id, "attempts": mail.attempts, "purpose": purpose, "user_id": user_id}
    rows = await db.execute(_ADD_LINK, {**values, "email": email, "hash": hashed, "ttl": ttl}, within=_WITHIN)
    return bool(rows)


async def take_link(tx: WriteTransaction, *, purpose: str, hashed: bytes) -> Row[Any] | None:
    """The link, which is deleted: of two that take it at once one gets it."""
    link = OneTimeLinkRow
    statement = delete(link).where(link.hash == hashed, link.purpose == purpose)
    return (await tx.execute(statement.returning(*_LINK))).one_or_none()


async def find_link(db: Reader, *, purpose: str, hashed: bytes) -> Row[Any] | None:
    """The link, which stays."""
    link = OneTimeLinkRow
    return (await db.execute(select(*_LINK).where(link.hash == hashed, link.purpose == purpose))).one_or_none()


async def withdraw_mails(tx: WriteTransaction, user_id: UUID | None, email: str, kinds: Sequence[str]) -> None:
    """Takes back mails of these kinds that still wait: those of the user, and those to the address."""
    to_the_address = MailRow.user_id.is_(None) & (MailRow.recipient == email)
    theirs = to_the_address | (MailRow.user_id == user_id) if user_id else to_the_address
    await tx.execute(delete(MailRow).where(theirs, MailRow.kind.in_(kinds)))


async def delete_links(tx: WriteTransaction, *, user_id: UUID | None, email: str) -> None:
    """Makes every link of the user void; without one, those of the address that has no account."""
    link = OneTimeLinkRow
    whose = link.user_id == user_id if user_id else link.user_id.is_(None) & (link.email == email)
    await tx.execute(delete(link).where(whose))
