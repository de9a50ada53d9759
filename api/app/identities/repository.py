"""Every query about identities."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.accounts.models import UserRow
from app.core.db import Reader, WriteTransaction
from app.core.ids import new_id
from app.identities.models import IdentityRow
from app.identities.profiles import Profile

_SHOWN = (
    IdentityRow.id,
    IdentityRow.provider,
    IdentityRow.email,
    IdentityRow.created_at,
    IdentityRow.last_used_at,
)


async def owner(tx: WriteTransaction, profile: Profile) -> UUID | None:
    """Whose identity it is."""
    query = select(IdentityRow.user_id).where(
        IdentityRow.issuer == profile.issuer, IdentityRow.subject == profile.subject
    )
    user_id: UUID | None = await tx.scalar(query)
    return user_id


async def used(tx: WriteTransaction, provider: str, profile: Profile) -> None:
    """Notes a sign-in, and what the provider says by now."""
    values = {"provider": provider, "email": profile.email, "last_used_at": func.now()}
    found = (IdentityRow.issuer == profile.issuer, IdentityRow.subject == profile.subject)
    await tx.execute(update(IdentityRow).where(*found).values(values))


async def add(tx: WriteTransaction, provider: str, profile: Profile, *, user_id: UUID) -> UUID | None:
    """The new identity's id, or None when it is somebody's."""
    values = {"id": new_id(), "user_id": user_id, "provider": provider}
    values |= {"issuer": profile.issuer, "subject": profile.subject, "email": profile.email}
    statement = insert(IdentityRow).values(values).on_conflict_do_nothing()
    added: UUID | None = await tx.scalar(statement.returning(IdentityRow.id))
    return added


async def has_account(tx: WriteTransaction, email: str) -> UUID | None:
    """Who has the address."""
    user_id: UUID | None = await tx.scalar(select(UserRow.id).where(UserRow.email == email))
    return user_id


async def of_user(db: Reader | WriteTransaction, user_id: UUID) -> Sequence[Row[Any]]:
    """What the user may sign in with elsewhere, the oldest first."""
    query = select(*_SHOWN).where(IdentityRow.user_id == user_id).order_by(IdentityRow.id)
    return (await db.execute(query)).all()


async def has_password(db: Reader | WriteTransaction, user_id: UUID) -> bool:
    return bool(await db.scalar(select(UserRow.password_hash.is_not(None)).where(UserRow.id == user_id)))


async def remove_all(tx: WriteTransaction, user_id: UUID) -> Sequence[str]:
    """Deletes the identities of a user, and gives their providers."""
    removed = delete(IdentityRow).where(IdentityRow.user_id == user_id).returning(IdentityRow.provider)
    return (await tx.scalars(removed)).all()


async def remove(tx: WriteTransaction, user_id: UUID, identity_id: UUID) -> None:
    await tx.execute(delete(IdentityRow).where(IdentityRow.id == identity_id, IdentityRow.user_id == user_id))
