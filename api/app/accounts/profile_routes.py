"""One's own data over HTTP: profile, export and erasure."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from starlette.requests import HTTPConnection
from starlette.responses import StreamingResponse

from app.accounts import profile
from app.accounts.authentication import Auth
from app.accounts.errors import FreshSignInNeeded, WrongPassword
from app.accounts.profile_schemas import Erasure, Export, Profile
from app.accounts.schemas import User
from app.audit import service as audit
from app.core.access import WaysIn
from app.core.caller import SignedIn
from app.core.db import ReadOnly, Transaction
from app.core.errors import problems
from app.core.limits import Limits, per_account
from app.core.origin import RequestOrigin
from app.core.personal import Person, PersonalData
from app.project import SLUG

router = APIRouter(prefix="/me", tags=["accounts"])


async def _personal(connection: HTTPConnection) -> PersonalData:
    personal: PersonalData = connection.app.state.personal
    return personal


Personal = Annotated[PersonalData, Depends(_personal)]


@router.patch("")
async def update_me(
    body: Profile, caller: SignedIn, _limit: Annotated[None, per_account("profile_changes")], tx: Transaction
) -> User:
    """Changes what others see of you."""
    return User.model_validate(await profile.rename(tx, caller=caller, name=body.name))


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"model": Export, "description": "A file to keep"}},
)
async def get_export(
    caller: SignedIn,
    _limit: Annotated[None, per_account("exports")],
    personal: Personal,
    db: ReadOnly,
    tx: Transaction,
    origin: RequestOrigin,
) -> StreamingResponse:
    """Everything that is held of you, in one file."""
    user = await profile.person(db, caller)
    await audit.record(tx, "data_exported", origin=origin, actor=user.id, user=user.id)
    name = f"{SLUG}-{datetime.now(UTC):%Y-%m-%d}.json"
    return StreamingResponse(
        profile.export(db, Person(user.id, user.email), personal.held),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.delete("", status_code=204, response_class=Response, responses=problems(WrongPassword, FreshSignInNeeded))
async def delete_me(  # noqa: PLR0917
    body: Erasure,
    caller: SignedIn,
    limits: Limits,
    auth: Auth,
    ways_in: WaysIn,
    personal: Personal,
    db: ReadOnly,
    tx: Transaction,
    origin: RequestOrigin,
    response: Response,
) -> None:
    """Erases your account with everything that is held of you, at once and for good."""
    user = await profile.person(db, caller)
    async with limits.guess(user.email, WrongPassword):
        await profile.prove(
            db, caller=caller, given=body.password, password_hash=user.password_hash, passwords=auth.passwords
        )
    await profile.erase(tx, user_id=user.id, origin=origin, sessions=auth.sessions, ways_in=ways_in, personal=personal)
    auth.cookies.clear(response)
