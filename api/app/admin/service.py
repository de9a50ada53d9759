"""What administrators do to accounts. Each of it is a row of the audit log."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.accounts.authentication import Authentication
from app.accounts.revocations import Revocations
from app.admin import repository
from app.admin.errors import OwnAccount
from app.admin.schemas import AdminUser, AuditPage, AuditPerson, UserPage, UserUpdate
from app.audit import service as audit
from app.audit.actions import Action
from app.core.access import EndAccess
from app.core.caller import Caller, Role
from app.core.db import Reader, WriteTransaction
from app.core.errors import NotFound
from app.core.origin import Origin
from app.core.pagination import PageRequest, encode_cursor


async def users(db: Reader, *, request: PageRequest, query: str) -> UserPage:
    """A page of the accounts whose address or name begins so."""
    rows = await repository.page(db, request, query)
    items = [AdminUser.model_validate(row) for row in rows[: request.limit]]
    return UserPage(items=items, next_cursor=encode_cursor(items[-1].id) if len(rows) > request.limit else None)


async def update(
    tx: WriteTransaction,
    *,
    caller: Caller,
    user_id: UUID,
    change: UserUpdate,
    auth: Authentication,
    ways_in: tuple[EndAccess, ...],
    origin: Origin,
) -> Row[Any]:
    """Gives another role, disables or enables. Raises NotFound, and OwnAccount.

    Since nobody takes their own role and those who act at once wait for each other, there is always an administrator.
    """
    if user_id == caller.user_id and (change.disabled or change.role == "user"):
        raise OwnAccount
    user = await _locked(tx, caller, user_id)
    if change.role not in {None, user.role}:
        await set_role(tx, user, change.role, actor=caller.user_id, revocations=auth.revocations, origin=origin)
    if change.disabled not in {None, user.disabled_at is not None}:
        await repository.set_disabled(tx, user_id, disabled=bool(change.disabled))
        action: Action = "user_disabled" if change.disabled else "user_enabled"
        await audit.record(tx, action, origin=origin, actor=caller.user_id, user=user_id)
        if change.disabled:
            await _end_sessions(tx, auth, user_id=user_id, actor=caller.user_id, origin=origin)
            for end in ways_in:
                await end(tx, user_id=user_id, actor=caller.user_id, origin=origin)
    changed = await repository.user(tx, user_id)
    if changed is None:
        raise NotFound
    return changed


async def set_role(
    tx: WriteTransaction, user: Row[Any], role: Role, *, actor: UUID | None, revocations: Revocations, origin: Origin
) -> None:
    """Gives the user the role; tokens that say another are refused from now on."""
    await repository.set_role(tx, user.id, role)
    await revocations.change_role(tx, user.id, role)
    await audit.record(tx, "role_changed", origin=origin, actor=actor, user=user.id, before=user.role, after=role)


async def end_sessions(
    tx: WriteTransaction, *, caller: Caller, user_id: UUID, auth: Authentication, origin: Origin
) -> None:
    """Signs somebody out everywhere. Raises NotFound."""
    await _locked(tx, caller, user_id)
    await _end_sessions(tx, auth, user_id=user_id, actor=caller.user_id, origin=origin)


async def audit_page(
    db: Reader, *, request: PageRequest, user_id: UUID | None, actor_id: UUID | None, action: Action | None
) -> AuditPage:
    """A page of the audit log, with who its people are now."""
    events, cursor = await audit.page(db, request=request, user_id=user_id, actor_id=actor_id, action=action)
    ids = {who for event in events for who in (event.actor_id, event.user_id) if who}
    people = [AuditPerson.model_validate(row) for row in await repository.people(db, ids)]
    return AuditPage(items=events, people=people, next_cursor=cursor)


async def _end_sessions(
    tx: WriteTransaction, auth: Authentication, *, user_id: UUID, actor: UUID, origin: Origin
) -> None:
    for session_id in await auth.sessions.end(tx, user_id=user_id):
        await audit.record(tx, "session_ended", origin=origin, actor=actor, user=user_id, session=str(session_id))


async def _locked(tx: WriteTransaction, caller: Caller, user_id: UUID) -> Row[Any]:
    """The account, which nobody else administers meanwhile. Raises NotFound, also where the caller's own role went."""
    await repository.lock(tx)
    user = await repository.user(tx, user_id)
    if user is None or not await repository.is_admin(tx, caller.user_id):
        raise NotFound
    return user
