"""Every query about the audit log but the one that adds to it."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from app.audit.actions import Action
from app.audit.models import AuditDetailRow, AuditEventRow
from app.core.db import Reader
from app.core.pagination import PageRequest

_EVENT = (
    AuditEventRow.id,
    AuditEventRow.action,
    AuditEventRow.actor_id,
    AuditEventRow.user_id,
    AuditEventRow.facts,
    AuditEventRow.request_id,
    AuditEventRow.created_at,
)
_DETAIL = (AuditDetailRow.event_id, AuditDetailRow.email, AuditDetailRow.address, AuditDetailRow.user_agent)


async def page(
    db: Reader, request: PageRequest, *, user_id: UUID | None, actor_id: UUID | None, action: Action | None
) -> list[Row[Any]]:
    """One row more than the page has, where there is another page; the newest first. `event_id` is None where an
    event has lost its details.
    """
    statement = select(*_EVENT, *_DETAIL).outerjoin(AuditDetailRow, AuditDetailRow.event_id == AuditEventRow.id)
    if user_id is not None:
        statement = statement.where(AuditEventRow.user_id == user_id)
    if actor_id is not None:
        statement = statement.where(AuditEventRow.actor_id == actor_id)
    if action is not None:
        statement = statement.where(AuditEventRow.action == action)
    if request.before is not None:
        statement = statement.where(AuditEventRow.id < request.before)
    return list(await db.execute(statement.order_by(AuditEventRow.id.desc()).limit(request.limit + 1)))
