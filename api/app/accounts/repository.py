"""Every query about users and sessions."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Uuid, any_, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.accounts.models import SessionRow, UserRow
from app.core.db import Reader, WriteTransaction
from app.core.ids import new_id

_PROFILE = (UserRow.id, UserRow.email, UserRow.name, UserRow.role, UserRow.created_at)

_ALIVE = (
    select(UserRow.role)
    .join(SessionRow, SessionRow.user_id == UserRow.id)
    .where(
        SessionRow.id == bindparam("session_id"),
        UserRow.id == bindparam("user_id"),
        SessionRow.expires_at > func.now(),
    )
)

# an array: a list of parameters would be compiled anew for every length
_OF_SESSIONS = select(SessionRow.id).where(
    SessionRow.id == any_(bindparam("session_ids", type_=ARRAY(Uuid))), SessionRow.expires_at > func.now()
)


async def add_user(tx: WriteTransaction, *, email: str, name: str, password_hash: str) -> Row[Any] | None:
    """The new user, or None when the address has an account."""
    values = {"id": new_id(), "email": email, "name": name, "password_hash": password_hash}
    statement = insert(UserRow).values(values).on_conflict_do_nothing(index_elements=[UserRow.email])
    return (await tx.execute(statement.returning(*_PROFILE))).one_or_none()


async def has_users(db: Reader) -> bool:
    """Whether there is any account."""
    return bool(await db.scalar(select(select(UserRow.id).exists())))


async def user(db: Reader, user_id: UUID) -> Row[Any] | None:
    return (await db.execute(select(*_PROFILE).where(UserRow.id == user_id))).one_or_none()


async def user_by_email(db: Reader, email: str) -> Row[Any] | None:
    """The user with the hash of the password."""
    return (await db.execute(select(*_PROFILE, UserRow.password_hash).where(UserRow.email == email))).one_or_none()


async def set_password_hash(tx: WriteTransaction, user_id: UUID, password_hash: str) -> None:
    await tx.execute(update(UserRow).where(UserRow.id == user_id).values(password_hash=password_hash))


async def add_session(tx: WriteTransaction, user_id: UUID, ttl: timedelta) -> UUID:
    """The id of a new session, which ends after `ttl` by Postgres's clock."""
    end = func.now() + ttl
    values = {"id": new_id(), "user_id": user_id, "expires_at": end, "ends_at": end, "refresh_hash": b""}
    values |= {"method": "password", "user_agent": "", "address": ""}
    session_id: UUID = await tx.scalar(insert(SessionRow).values(values).returning(SessionRow.id))
    return session_id


async def end_session(tx: WriteTransaction, session_id: UUID) -> None:
    await tx.execute(delete(SessionRow).where(SessionRow.id == session_id))


async def role_in_session(db: Reader, *, user_id: UUID, session_id: UUID) -> str | None:
    """The user's role, or None when the session has ended."""
    role: str | None = await db.scalar(_ALIVE, {"user_id": user_id, "session_id": session_id})
    return role


async def alive(db: Reader, session_ids: Collection[UUID]) -> set[UUID]:
    """Those of the sessions that have not ended."""
    return set((await db.execute(_OF_SESSIONS, {"session_ids": list(session_ids)})).scalars())
