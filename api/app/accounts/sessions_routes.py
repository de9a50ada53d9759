"""Sessions over HTTP: seeing them, and ending one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from app.accounts import sessions_repository
from app.accounts.authentication import Auth
from app.accounts.devices import device_of
from app.accounts.sessions_schemas import Session, SessionList
from app.audit import service as audit
from app.core.caller import SignedIn
from app.core.db import ReadOnly, Transaction
from app.core.errors import NotFound
from app.core.origin import RequestOrigin

router = APIRouter(prefix="/auth/sessions", tags=["accounts"])


@router.get("")
async def list_sessions(caller: SignedIn, db: ReadOnly) -> SessionList:
    """Where you are signed in, the session used last first."""
    return SessionList(
        items=[
            Session(
                id=row.id,
                created_at=row.created_at,
                last_used_at=row.last_used_at,
                expires_at=row.expires_at,
                device=device_of(row.user_agent),
                address=row.address,
                current=row.id == caller.credential_id,
            )
            for row in await sessions_repository.of_user(db, caller.user_id)
        ]
    )


@router.delete("/{id}", status_code=204, response_class=Response)
async def delete_session(  # noqa: PLR0917
    session_id: Annotated[UUID, Path(alias="id", description="The session")],
    caller: SignedIn,
    tx: Transaction,
    auth: Auth,
    origin: RequestOrigin,
    response: Response,
) -> None:
    """Ends one of your sessions: its tokens are refused and its streams closed within a second."""
    if not await auth.sessions.end_one(tx, user_id=caller.user_id, session_id=session_id):
        raise NotFound
    session, user = str(session_id), caller.user_id
    await audit.record(tx, "session_ended", origin=origin, actor=user, user=user, session=session)
    if session_id == caller.credential_id:
        auth.cookies.clear(response)
