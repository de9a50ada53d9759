"""Administration over HTTP. For everybody else there is nothing here."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from app.accounts.authentication import Auth
from app.admin import service
from app.admin.errors import OwnAccount
from app.admin.schemas import AdminUser, AuditPage, UserPage, UserUpdate
from app.audit.actions import Action
from app.core.access import WaysIn
from app.core.caller import Admin
from app.core.db import ReadOnly, Transaction
from app.core.errors import problems
from app.core.origin import RequestOrigin
from app.core.pagination import Page

router = APIRouter(prefix="/admin", tags=["admin"])

UserId = Annotated[UUID, Path(alias="id", description="The account")]
Search = Annotated[
    str, Query(max_length=254, pattern=r"^[^\x00]*$", description="How the address or the name begins, in any case")
]


@router.get("/users")
async def list_users(_: Admin, db: ReadOnly, page: Page, query: Search = "") -> UserPage:
    """The accounts, the newest first."""
    return await service.users(db, request=page, query=query)


@router.patch("/users/{id}", responses=problems(OwnAccount))
async def update_user(  # noqa: PLR0917
    body: UserUpdate,
    user_id: UserId,
    caller: Admin,
    tx: Transaction,
    auth: Auth,
    ways_in: WaysIn,
    origin: RequestOrigin,
) -> AdminUser:
    """Gives another role, disables or enables. Who is disabled is signed out everywhere, and has no API keys left."""
    user = await service.update(
        tx, caller=caller, user_id=user_id, change=body, auth=auth, ways_in=ways_in, origin=origin
    )
    return AdminUser.model_validate(user)


@router.delete("/users/{id}/sessions", status_code=204, response_class=Response)
async def delete_user_sessions(
    user_id: UserId, caller: Admin, tx: Transaction, auth: Auth, origin: RequestOrigin
) -> None:
    """Signs somebody out everywhere, within a second."""
    await service.end_sessions(tx, caller=caller, user_id=user_id, auth=auth, origin=origin)


@router.get("/audit")
async def list_audit_events(
    _: Admin,
    db: ReadOnly,
    page: Page,
    user: Annotated[UUID | None, Query(description="Only what is about this account")] = None,
    actor: Annotated[UUID | None, Query(description="Only what this one did")] = None,
    action: Annotated[Action | None, Query(description="Only this")] = None,
) -> AuditPage:
    """The audit log, the newest first."""
    return await service.audit_page(db, request=page, user_id=user, actor_id=actor, action=action)
