"""Writes the audit log, in the transaction of what it is about, and reads it."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert

from app.audit import repository
from app.audit.actions import Action
from app.audit.models import AuditDetailRow, AuditEventRow
from app.audit.schemas import AuditDetail, AuditEvent
from app.core.db import Reader, WriteTransaction
from app.core.ids import new_id
from app.core.origin import Origin
from app.core.pagination import Cursor, PageRequest, encode_cursor


async def record(
    tx: WriteTransaction,
    action: Action,
    *,
    origin: Origin,
    actor: UUID | None = None,
    user: UUID | None = None,
    email: str | None = None,
    **facts: Any,
) -> None:
    """Notes that `actor` (None: nobody signed in) did `action` to the account `user`.

    `facts` are ids and names of choices, nothing personal; an `email` is kept beside the row, like the origin.
    """
    event = {"id": new_id(), "action": action, "actor_id": actor, "user_id": user, "facts": facts}
    await tx.execute(insert(AuditEventRow).values(**event, request_id=origin.request_id))
    detail = {"event_id": event["id"], "user_id": user, "email": email}
    await tx.execute(insert(AuditDetailRow).values(**detail, address=origin.address, user_agent=origin.user_agent))


async def page(
    db: Reader, *, request: PageRequest, user_id: UUID | None, actor_id: UUID | None, action: Action | None
) -> tuple[list[AuditEvent], Cursor | None]:
    """A page of the log, and the cursor of the next."""
    rows = await repository.page(db, request, user_id=user_id, actor_id=actor_id, action=action)
    events = [_event(row) for row in rows[: request.limit]]
    return events, encode_cursor(events[-1].id) if len(rows) > request.limit else None


def _event(row: Row[Any]) -> AuditEvent:
    detail = AuditDetail.model_validate(row) if row.event_id else None
    return AuditEvent.model_validate({**row._mapping, "detail": detail})  # noqa: SLF001 - its public API
