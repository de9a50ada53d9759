"""Every query about sessions, and about what was revoked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Interval, Row, Text, Uuid, bindparam, delete, func, insert, select, text, update

from app.accounts.models import RevocationRow, SessionRow, UserRow
from app.accounts.refresh import Family
from app.accounts.tokens import Claims
from app.core.caller import Role
from app.core.db import Database, Reader, WriteTransaction
from app.core.ids import new_id
from app.core.origin import Origin

_FAMILY = tuple(getattr(SessionRow, name) for name in Family.__dataclass_fields__)
_NOW = func.clock_timestamp().label("now")

_HOLDER = (UserRow.email, UserRow.name, UserRow.created_at, UserRow.role, UserRow.disabled_at, UserRow.password_hash)
_LOCKED_USER = select(UserRow.id, *_HOLDER, _NOW).where(UserRow.id == bindparam("user_id"))

# a family's rules are applied by one request at a time; its user may change meanwhile, which a revocation tells
_LOCKED = (
    select(*_FAMILY, UserRow.id.label("user_id"), *_HOLDER[:-1], _NOW)
    .join(UserRow, UserRow.id == SessionRow.user_id)
    .where(SessionRow.id == bindparam("session_id"))
    .with_for_update(of=SessionRow)
)

_HOLDS = (
    select(SessionRow.id)
    .join(UserRow, UserRow.id == SessionRow.user_id)
    .where(
        SessionRow.id == bindparam("session_id"),
        UserRow.id == bindparam("user_id"),
        UserRow.role == bindparam("role"),
        UserRow.disabled_at.is_(None),
        SessionRow.expires_at > func.now(),
    )
)

_REVOKED = (
    select(RevocationRow.credential_id, RevocationRow.user_id, RevocationRow.role, RevocationRow.created_at)
    # not clock_timestamp(), which may be another one at every row: no index could find the first
    .where(RevocationRow.created_at > func.statement_timestamp() - bindparam("back", type_=Interval))
    .order_by(RevocationRow.created_at)
)

# locked in the order of their ids, as by everybody who locks several: else two could wait for each other
_USED = text("""
    UPDATE sessions SET
      used_counter = greatest(sessions.used_counter, used.gen), last_used_at = clock_timestamp(),
      address = coalesce(nullif(used.address, ''), sessions.address)
    FROM (
      SELECT id, gen, seen.address FROM unnest(:ids, :gens, :addresses) AS seen (id, gen, address)
      JOIN sessions USING (id) ORDER BY id FOR UPDATE OF sessions
    ) AS used
    WHERE sessions.id = used.id
""").bindparams(
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("gens", type_=ARRAY(Integer)),
    bindparam("addresses", type_=ARRAY(Text)),
)


async def lock_user(tx: WriteTransaction, user_id: UUID, *, how: Literal["share", "update"]) -> Row[Any] | None:
    """The user as they are until the transaction ends, with `now` by Postgres's clock."""
    lock = _LOCKED_USER.with_for_update(read=how == "share", key_share=how == "update")
    return (await tx.execute(lock, {"user_id": user_id})).one_or_none()


async def add(tx: WriteTransaction, family: Family, *, user_id: UUID, method: str, origin: Origin) -> None:
    """Stores a new session."""
    began = {"created_at": family.rotated_at, "last_used_at": family.rotated_at}
    values = asdict(family) | {"user_id": user_id, "method": method} | began
    await tx.execute(insert(SessionRow).values(**values, address=origin.address, user_agent=origin.user_agent))


async def lock(tx: WriteTransaction, session_id: UUID) -> Row[Any] | None:
    """The session's family and its user, with `now`; nobody else applies the rules until the transaction ends."""
    return (await tx.execute(_LOCKED, {"session_id": session_id})).one_or_none()


def family_of(row: Row[Any]) -> Family:
    """The family in a row of `lock`."""
    return Family(**{name: row._mapping[name] for name in Family.__dataclass_fields__})  # noqa: SLF001 - its public API


async def store(tx: WriteTransaction, family: Family, origin: Origin) -> None:
    """Stores a family that went on, and from where."""
    values = asdict(family) | {"last_used_at": family.rotated_at}
    values |= {"address": origin.address, "user_agent": origin.user_agent}
    await tx.execute(update(SessionRow).where(SessionRow.id == family.id).values(values))


async def end(tx: WriteTransaction, *, user_id: UUID, only: UUID | None = None, but: UUID | None = None) -> list[UUID]:
    """Deletes sessions of the user, all or one, and gives their ids."""
    wanted = select(SessionRow.id).where(SessionRow.user_id == user_id)
    if only:
        wanted = wanted.where(SessionRow.id == only)
    if but:
        wanted = wanted.where(SessionRow.id != but)
    # in the order of their ids, as everybody who locks several: else two could wait for each other
    ids = list(await tx.scalars(wanted.order_by(SessionRow.id).with_for_update()))
    await tx.execute(delete(SessionRow).where(SessionRow.id.in_(ids)))
    return ids


async def of_user(db: Reader, user_id: UUID) -> Sequence[Row[Any]]:
    """The sessions that have not ended, the one used last first."""
    columns = (SessionRow.id, SessionRow.created_at, SessionRow.last_used_at, SessionRow.expires_at)
    query = select(*columns, SessionRow.user_agent, SessionRow.address).where(
        SessionRow.user_id == user_id, SessionRow.expires_at > func.now()
    )
    return (await db.execute(query.order_by(SessionRow.last_used_at.desc(), SessionRow.id.desc()))).all()


async def holds(db: Reader, claims: Claims) -> bool:
    """Whether what an access token says is so: asked only where revocations can't be known otherwise."""
    values = {"session_id": claims.session_id, "user_id": claims.user_id, "role": claims.role}
    return await db.scalar(_HOLDS, values) is not None


async def revoke(tx: WriteTransaction, credential_ids: Iterable[UUID]) -> None:
    """Tells every process that these sessions or keys have ended."""
    if rows := [{"id": new_id(), "credential_id": credential_id} for credential_id in credential_ids]:
        await tx.execute(insert(RevocationRow).values(rows))


async def tell_role(tx: WriteTransaction, user_id: UUID, role: Role) -> datetime:
    """Tells every process the role that a user has now. Gives since when, by Postgres's clock."""
    told = insert(RevocationRow).values(id=new_id(), user_id=user_id, role=role).returning(RevocationRow.created_at)
    since: datetime = await tx.scalar(told)
    return since


async def revoked(db: Database, *, back: timedelta, within: float) -> Sequence[Row[Any]]:
    """What was revoked since `back` before now, in order. Raises TimeoutError after `within` seconds."""
    return await db.execute(_REVOKED, {"back": back}, within=within)


async def note_uses(db: Database, uses: Mapping[UUID, tuple[int, str]], *, within: float) -> None:
    """Notes the generation and the address that sessions were seen with now. Raises TimeoutError."""
    ids = list(uses)
    values = {"ids": ids, "gens": [uses[each][0] for each in ids], "addresses": [uses[each][1] for each in ids]}
    await db.execute(_USED, values, within=within)
