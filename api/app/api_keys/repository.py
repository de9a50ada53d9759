"""Every query about API keys."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Select, Uuid, any_, bindparam, delete, func, insert, or_, select, update

from app.accounts.models import UserRow
from app.api_keys.models import ApiKeyRow
from app.core.caller import Caller
from app.core.db import Database, Reader, WriteTransaction
from app.core.ids import new_id

_SHOWN = (
    ApiKeyRow.id,
    ApiKeyRow.name,
    ApiKeyRow.prefix,
    ApiKeyRow.scopes,
    ApiKeyRow.created_at,
    ApiKeyRow.expires_at,
    ApiKeyRow.last_used_at,
)
_IS_GOOD = or_(ApiKeyRow.expires_at.is_(None), ApiKeyRow.expires_at > func.now())

_BY_HASH = (
    select(
        ApiKeyRow.id,
        ApiKeyRow.user_id,
        ApiKeyRow.scopes,
        UserRow.role,
        (ApiKeyRow.expires_at - func.now()).label("left"),
    )
    .join(UserRow, UserRow.id == ApiKeyRow.user_id)
    .where(ApiKeyRow.hash == bindparam("hash"), _IS_GOOD, UserRow.disabled_at.is_(None))
)
_LOCK_OWNER = (
    select(UserRow.id)
    .where(UserRow.id == bindparam("owner"), UserRow.disabled_at.is_(None))
    .with_for_update(key_share=True)
)


def visible_to(caller: Caller, *columns: Any) -> Select[Any]:
    """The keys that the caller may see: every read of a key begins here."""
    return select(*columns).where(ApiKeyRow.user_id == caller.user_id)


async def by_hash(db: Reader, hashed: bytes) -> Row[Any] | None:
    """The key, with its user's role and how long it is good; None when it is expired, revoked or of a disabled user."""
    return (await db.execute(_BY_HASH, {"hash": hashed})).one_or_none()


async def keys(db: Reader | WriteTransaction, caller: Caller) -> list[Row[Any]]:
    """The caller's keys, the newest first."""
    return list(await db.execute(visible_to(caller, *_SHOWN).order_by(ApiKeyRow.id.desc())))


async def lock_owner(tx: WriteTransaction, caller: Caller) -> bool:
    """Has a user's creations wait for each other, and whoever disables the account. False when that was just done."""
    return await tx.scalar(_LOCK_OWNER, {"owner": caller.user_id}) is not None


async def count(tx: WriteTransaction, caller: Caller) -> int:
    """How many keys the caller has."""
    found: int = await tx.scalar(visible_to(caller, func.count()))
    return found


async def add(  # noqa: PLR0917
    tx: WriteTransaction,
    caller: Caller,
    name: str,
    prefix: str,
    hashed: bytes,
    scopes: Collection[str],
    expires_at: datetime | None,
) -> Row[Any]:
    """The new key."""
    values = {"id": new_id(), "user_id": caller.user_id, "name": name, "prefix": prefix, "hash": hashed}
    values |= {"scopes": list(scopes), "expires_at": expires_at}
    return (await tx.execute(insert(ApiKeyRow).values(values).returning(*_SHOWN))).one()


async def remove(tx: WriteTransaction, caller: Caller, key_id: UUID) -> bool:
    """Deletes the key. False when there is none."""
    mine = visible_to(caller, ApiKeyRow.id).where(ApiKeyRow.id == key_id)
    statement = delete(ApiKeyRow).where(ApiKeyRow.id.in_(mine)).returning(ApiKeyRow.id)
    return await tx.scalar(statement) is not None


async def remove_all(tx: WriteTransaction, user_id: UUID) -> list[UUID]:
    """Deletes a user's keys. Gives their ids."""
    return list(await tx.scalars(delete(ApiKeyRow).where(ApiKeyRow.user_id == user_id).returning(ApiKeyRow.id)))


async def note_use(db: Database, key_ids: Collection[UUID], *, once_in: timedelta, within: float) -> None:
    """Dates the keys' last use, where it was not dated for `once_in`. Raises TimeoutError after `within` seconds."""
    # in the order of their ids and without waiting: several processes note the same keys at once
    stale = (
        select(ApiKeyRow.id)
        .where(
            ApiKeyRow.id == any_(bindparam("ids", type_=ARRAY(Uuid))),
            or_(ApiKeyRow.last_used_at.is_(None), ApiKeyRow.last_used_at < func.now() - once_in),
        )
        .order_by(ApiKeyRow.id)
        .with_for_update(skip_locked=True)
    )
    statement = update(ApiKeyRow).where(ApiKeyRow.id.in_(stale)).values(last_used_at=func.now())
    await db.execute(statement, {"ids": list(key_ids)}, within=within)
