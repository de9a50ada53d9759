"""Writes the audit log, in the transaction of what it is about."""

from typing import Any
from uuid import UUID

from sqlalchemy import insert

from app.audit.actions import Action
from app.audit.models import AuditDetailRow, AuditEventRow
from app.core.db import WriteTransaction
from app.core.ids import new_id
from app.core.origin import Origin


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
