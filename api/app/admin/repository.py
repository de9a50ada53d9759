"""Every query that only an administrator causes. None starts from who may see it: they see all accounts."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, any_, func, select, union, update

from app.accounts.models import SessionRow, UserRow
from app.core.caller import Role
from app.core.db import Reader, WriteTransaction
from app.core.pagination import PageRequest

_SESSIONS = (
    select(func.count())
    .where(SessionRow.user_id == UserRow.id, SessionRow.expires_at > func.now())
    .scalar_subquery()
    .label("sessions")
)
_USER = (
    UserRow.id,
    UserRow.email,
    UserRow.name,
    UserRow.role,
    UserRow.created_at,
    UserRow.disabled_at,
    _SESSIONS,
)
_SEARCHED: tuple[ColumnElement[str], ...] = (UserRow.__table__.c.email, func.lower(UserRow.name))
_LAST = "\U0010ffff"
_LOCK = select(func.pg_advisory_xact_lock(func.hashtextextended("admin", 0)))


async def page(db: Reader, request: PageRequest, query: str) -> list[Row[Any]]:
    """One row more than the page has, where there is another page; the newest first.

    `query` is how the address or the name begins, whatever their case.
    """
    statement = select(*_USER)
    if query:
        # each by its own index, then the ids: an OR beside the order by ids has Postgres try every user
        found = union(*(select(UserRow.id).where(_begins(text, query.lower())) for text in _SEARCHED))
        statement = statement.where(UserRow.id == any_(func.array(found.scalar_subquery())))
    if request.before is not None:
        statement = statement.where(UserRow.id < request.before)
    return list(await db.execute(statement.order_by(UserRow.id.desc()).limit(request.limit + 1)))


def _begins(text: ColumnElement[str], query: str) -> ColumnElement[bool]:
    """A range of bytes, which an index can look up whatever the query is."""
    return and_(text.bool_op("~>=~")(query), text.bool_op("~<=~")(query + _LAST))


async def user(tx: WriteTransaction, user_id: UUID) -> Row[Any] | None:
    return (await tx.execute(select(*_USER).where(UserRow.id == user_id))).one_or_none()


async def people(db: Reader, ids: Collection[UUID]) -> list[Row[Any]]:
    """Those of them who have an account."""
    return list(await db.execute(select(UserRow.id, UserRow.email, UserRow.name).where(UserRow.id.in_(ids))))


async def lock(tx: WriteTransaction) -> None:
    """Has changes of roles and accounts wait for each other until the commit."""
    await tx.execute(_LOCK)


async def is_admin(tx: WriteTransaction, user_id: UUID) -> bool:
    """Whether it is an administrator still."""
    found = select(UserRow.id).where(UserRow.id == user_id, UserRow.role == "admin", UserRow.disabled_at.is_(None))
    return await tx.scalar(found) is not None


async def set_role(tx: WriteTransaction, user_id: UUID, role: Role) -> None:
    await tx.execute(update(UserRow).where(UserRow.id == user_id).values(role=role))


async def set_disabled(tx: WriteTransaction, user_id: UUID, *, disabled: bool) -> None:
    at = func.now() if disabled else None
    await tx.execute(update(UserRow).where(UserRow.id == user_id).values(disabled_at=at))
