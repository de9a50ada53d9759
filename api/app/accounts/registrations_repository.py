"""Every query about registrations that wait until somebody shows that they get the mail to their address."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.accounts.models import RegistrationRow
from app.core.db import Reader, WriteTransaction


async def put(tx: WriteTransaction, *, email: str, name: str, password_hash: str) -> None:
    """Keeps a registration; it replaces one with the same address, of which no link is good any more."""
    statement = insert(RegistrationRow).values(email=email, name=name, password_hash=password_hash)
    anew = {"name": name, "password_hash": password_hash, "created_at": func.now()}
    await tx.execute(statement.on_conflict_do_update(index_elements=[RegistrationRow.email], set_=anew))


async def take(tx: WriteTransaction, email: str, *, before: datetime) -> Row[Any] | None:
    """The registration, which is deleted, if it was made before that moment."""
    row = RegistrationRow
    statement = delete(row).where(row.email == email, row.created_at <= before)
    return (await tx.execute(statement.returning(row.email, row.name, row.password_hash))).one_or_none()


async def password_hash(db: Reader, email: str) -> str | None:
    """The hash of the password of a registration that waits."""
    hashed: str | None = await db.scalar(select(RegistrationRow.password_hash).where(RegistrationRow.email == email))
    return hashed
