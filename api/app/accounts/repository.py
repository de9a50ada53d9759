"""Every query about users."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Uuid, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.accounts.models import UserRow
from app.core.caller import Role
from app.core.db import Reader, WriteTransaction
from app.core.ids import new_id
from app.core.query import Query

PROFILE = (UserRow.id, UserRow.email, UserRow.name, UserRow.role, UserRow.created_at)
_USER = Query(select(*PROFILE).where(UserRow.id == bindparam("id", type_=Uuid)))


async def add_user(
    tx: WriteTransaction,
    *,
    email: str,
    name: str,
    password_hash: str | None,
    is_verified: bool = False,
    role: Role = "user",
) -> Row[Any] | None:
    """The new user, or None when the address has an account. Without a password they sign in at a provider."""
    values: dict[str, Any] = {"id": new_id(), "email": email, "name": name, "role": role}
    values["password_hash"] = password_hash
    if is_verified:
        values["email_verified_at"] = func.now()
    statement = insert(UserRow).values(values).on_conflict_do_nothing(index_elements=[UserRow.email])
    return (await tx.execute(statement.returning(*PROFILE))).one_or_none()


async def has_users(db: Reader) -> bool:
    """Whether there is any account."""
    return bool(await db.scalar(select(select(UserRow.id).exists())))


async def user(db: Reader, user_id: UUID) -> Any:
    """The user, or None."""
    return await db.row(_USER, id=user_id)


async def user_by_email(db: Reader, email: str) -> Row[Any] | None:
    """The user with the hash of the password."""
    return (await db.execute(select(*PROFILE, UserRow.password_hash).where(UserRow.email == email))).one_or_none()


async def set_password_hash(tx: WriteTransaction, user_id: UUID, password_hash: str) -> None:
    await tx.execute(update(UserRow).where(UserRow.id == user_id).values(password_hash=password_hash))
