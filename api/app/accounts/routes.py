"""Accounts over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from starlette.responses import JSONResponse

from app.accounts import repository, service
from app.accounts.authentication import Auth
from app.accounts.errors import (
    EmailTaken,
    EmailUnverified,
    InvalidCredentials,
    RefreshReused,
    SessionExpired,
    SessionRevoked,
)
from app.accounts.schemas import Credentials, MailSent, Registration, User
from app.core.caller import SignedIn
from app.core.configured import Configured
from app.core.db import ReadOnly, Transaction
from app.core.errors import Unauthenticated, problems
from app.core.limits import Limits, per_address
from app.core.origin import RequestOrigin
from app.core.same_site import SameSite
from app.core.security import REFRESH, admits

router = APIRouter(tags=["accounts"])


@router.post(
    "/auth/register",
    status_code=201,
    responses={**problems(EmailTaken), 202: {"model": MailSent, "description": "A link to verify the address is sent"}},
)
async def register(  # noqa: PLR0917
    body: Registration,
    _: SameSite,
    _limit: Annotated[None, per_address("registrations")],
    limits: Limits,
    settings: Configured,
    tx: Transaction,
    auth: Auth,
    origin: RequestOrigin,
    request: Request,
    response: Response,
) -> User:
    """Makes an account and signs it in; or asks to verify the address first, the same way for every address."""
    if settings.mail.email_verification:
        await limits.by_account("mails", body.email)
        await service.ask_to_register(tx, body=body, passwords=auth.passwords)
        return JSONResponse(MailSent(email=body.email).model_dump(), 202)  # type: ignore[return-value]
    sign_in = await service.register(tx, body=body, passwords=auth.passwords, sessions=auth.sessions, origin=origin)
    await auth.enter(tx, request, response, sign_in, origin=origin)
    return User.model_validate(sign_in.user)


@router.post("/auth/login", responses=problems(InvalidCredentials, EmailUnverified))
async def login(  # noqa: PLR0917
    body: Credentials,
    _: SameSite,
    _limit: Annotated[None, per_address("sign_ins")],
    limits: Limits,
    settings: Configured,
    db: ReadOnly,
    tx: Transaction,
    auth: Auth,
    origin: RequestOrigin,
    request: Request,
    response: Response,
) -> User:
    """Signs in."""
    async with limits.guess(body.email, InvalidCredentials):
        sign_in = await service.sign_in(
            db,
            tx,
            body=body,
            passwords=auth.passwords,
            sessions=auth.sessions,
            origin=origin,
            verifies=settings.mail.email_verification,
        )
    await auth.enter(tx, request, response, sign_in, origin=origin)
    return User.model_validate(sign_in.user)


@router.post(
    "/auth/refresh",
    status_code=204,
    response_class=Response,
    responses=problems(SessionExpired, SessionRevoked, RefreshReused),
)
@admits(REFRESH)
async def refresh(  # noqa: PLR0917
    _: SameSite,
    limits: Limits,
    tx: Transaction,
    auth: Auth,
    origin: RequestOrigin,
    request: Request,
    response: Response,
) -> None:
    """New tokens for the refresh token in the cookie, which is good once; a refusal takes the cookies away."""
    sign_in = await auth.sessions.refresh(tx, auth.cookies.refresh_token(request), origin=origin)
    await limits.by_account("refreshes", sign_in.user.id)  # whose it is, only the token says
    auth.cookies.write(response, sign_in.pair)


@router.post("/auth/logout", status_code=204, response_class=Response)
async def logout(
    _: SameSite, tx: Transaction, auth: Auth, origin: RequestOrigin, request: Request, response: Response
) -> None:
    """Ends the session, if there is one."""
    text = auth.cookies.refresh_token(request)
    await auth.sessions.sign_out(tx, claims=auth.claims(request), text=text, origin=origin)
    auth.cookies.clear(response)


@router.get("/me")
async def get_me(caller: SignedIn, db: ReadOnly) -> User:
    """Whose account this is."""
    user = await repository.user(db, caller.user_id)
    if user is None:  # deleted since the session was looked up
        raise Unauthenticated
    return User.model_validate(user)
