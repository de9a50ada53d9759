"""Every query about one's own account."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, update
from sqlalchemy import delete as deletion

from app.accounts.models import SessionRow, UserRow
from app.accounts.repository import PROFILE
from app.core.db import Reader, WriteTransaction


async def person(db: Reader | WriteTransaction, user_id: UUID) -> Row[Any] | None:
    """The account with the hash of its password."""
    return (await db.execute(select(*PROFILE, UserRow.password_hash).where(UserRow.id == user_id))).one_or_none()


async def rename(tx: WriteTransaction, user_id: UUID, name: str) -> Row[Any] | None:
    """The account with its new name."""
    statement = update(UserRow).where(UserRow.id == user_id).values(name=name)
    return (await tx.execute(statement.returning(*PROFILE))).one_or_none()


async def came_from_provider(db: Reader, session_id: UUID, *, within: timedelta) -> bool:
    """Whether the session began at an identity provider that was made to ask who it is, so long ago at most."""
    statement = select(SessionRow.id).where(
        SessionRow.id == session_id,
        SessionRow.method.like("oauth:%:fresh"),
        SessionRow.created_at > func.now() - within,
    )
    return await db.scalar(statement) is not None


async def delete(tx: WriteTransaction, user_id: UUID) -> None:
    """Deletes the account with every row that refers to it."""
    await tx.execute(deletion(UserRow).where(UserRow.id == user_id))
