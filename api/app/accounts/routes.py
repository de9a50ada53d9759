"""Accounts over HTTP."""

from fastapi import APIRouter, Request, Response

from app.accounts import repository, service
from app.accounts.authentication import Auth
from app.accounts.errors import EmailTaken, InvalidCredentials
from app.accounts.schemas import Credentials, Registration, User
from app.core.caller import SignedIn
from app.core.db import ReadOnly, Transaction
from app.core.errors import Unauthenticated, problems
from app.core.same_site import SameSite

router = APIRouter(tags=["accounts"])


@router.post("/auth/register", status_code=201, responses=problems(EmailTaken))
async def register(body: Registration, _: SameSite, tx: Transaction, auth: Auth, response: Response) -> User:
    """Makes an account and signs it in."""
    signed_in = await service.register(tx, body=body, passwords=auth.passwords, tokens=auth.tokens)
    auth.cookie.write(response, signed_in.token, auth.tokens.ttl)
    return User.model_validate(signed_in.user)


@router.post("/auth/login", responses=problems(InvalidCredentials))
async def login(body: Credentials, _: SameSite, db: ReadOnly, tx: Transaction, auth: Auth, response: Response) -> User:
    """Signs in."""
    signed_in = await service.sign_in(db, tx, body=body, passwords=auth.passwords, tokens=auth.tokens)
    auth.cookie.write(response, signed_in.token, auth.tokens.ttl)
    return User.model_validate(signed_in.user)


@router.post("/auth/logout", status_code=204, response_class=Response)
async def logout(_: SameSite, tx: Transaction, auth: Auth, request: Request, response: Response) -> None:
    """Ends the session, if there is one."""
    if claims := auth.claims(request):
        await service.sign_out(tx, claims)
    auth.cookie.clear(response)


@router.get("/me")
async def get_me(caller: SignedIn, db: ReadOnly) -> User:
    """Whose account this is."""
    user = await repository.user(db, caller.user_id)
    if user is None:  # deleted since the session was looked up
        raise Unauthenticated
    return User.model_validate(user)
