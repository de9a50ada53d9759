"""Queries about users whose credentials change."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts.errors import EmailTaken
from app.accounts.models import UserRow
from app.core.db import Reader, WriteTransaction

_CREDENTIALS = (UserRow.id, UserRow.email, UserRow.name, UserRow.password_hash)


async def credentials(db: Reader, user_id: UUID) -> Row[Any] | None:
    return (await db.execute(select(*_CREDENTIALS).where(UserRow.id == user_id))).one_or_none()


async def lock(tx: WriteTransaction, user_id: UUID) -> Row[Any] | None:
    """The user, unless disabled, whose credentials nobody else changes meanwhile."""
    mine = select(*_CREDENTIALS, UserRow.email_verified_at).where(UserRow.id == user_id, UserRow.disabled_at.is_(None))
    return (await tx.execute(mine.with_for_update())).one_or_none()


async def has_account(db: Reader, email: str) -> bool:
    return bool(await db.scalar(select(select(UserRow.id).where(UserRow.email == email).exists())))


async def active_by_email(db: Reader, email: str) -> UUID | None:
    """Who has the address, unless disabled."""
    found: UUID | None = await db.scalar(
        select(UserRow.id).where(UserRow.email == email, UserRow.disabled_at.is_(None))
    )
    return found


async def set_password(tx: WriteTransaction, user_id: UUID, password_hash: str) -> None:
    await tx.execute(update(UserRow).where(UserRow.id == user_id).values(password_hash=password_hash))


async def set_verified(tx: WriteTransaction, user_id: UUID) -> None:
    """They showed that they get the mail to their address."""
    verified = func.coalesce(UserRow.email_verified_at, func.now())
    await tx.execute(update(UserRow).where(UserRow.id == user_id).values(email_verified_at=verified))


async def set_email(tx: WriteTransaction, user_id: UUID, email: str, *, verified: bool) -> None:
    """Raises EmailTaken; the transaction is over then."""
    values = {"email": email, "email_verified_at": func.now() if verified else None}
    try:
        await tx.execute(update(UserRow).where(UserRow.id == user_id).values(values))
    except IntegrityError:
        raise EmailTaken from None
