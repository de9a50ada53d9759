"""Credentials over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.accounts.authentication import Auth
from app.accounts.errors import EmailTaken, SessionRevoked, WrongPassword
from app.accounts.schemas import MailSent
from app.core.access import EveryWayIn
from app.core.caller import SignedIn
from app.core.configured import Configured
from app.core.db import ReadOnly, Transaction
from app.core.errors import problems
from app.core.keyed_hash import KeyedHash
from app.core.limits import Limits, per_account, per_address
from app.core.origin import RequestOrigin
from app.core.same_site import SameSite
from app.credentials import service
from app.credentials.schemas import (
    Address,
    AuthOptions,
    EmailChange,
    LinkToken,
    NewPasswordByLink,
    PasswordChange,
    Provider,
)
from app.mail import service as mail
from app.mail.errors import LinkExpired, LinkInvalid
from app.mail.routes import PATH as MAILS_URL

router = APIRouter(tags=["credentials"])


async def _keyed_hash(settings: Configured) -> KeyedHash:
    return KeyedHash(settings.auth.secret_key.get_secret_value())


Hash = Annotated[KeyedHash, Depends(_keyed_hash)]


@router.get("/auth/options")
async def get_auth_options(settings: Configured) -> AuthOptions:
    """How one can register and sign in here."""
    return AuthOptions(
        registration="verified" if settings.mail.email_verification else "open",
        password_reset=settings.sends_mail,
        mails_url=MAILS_URL if settings.keeps_mail else None,
        providers=[Provider.model_validate(offered) for offered in settings.identities.offered],
    )


@router.post(
    "/auth/verify-email", status_code=204, response_class=Response, responses=problems(LinkInvalid, LinkExpired)
)
async def verify_email(
    body: LinkToken,
    _: SameSite,
    _limit: Annotated[None, per_address("links")],
    tx: Transaction,
    keyed_hash: Hash,
    origin: RequestOrigin,
) -> None:
    """Makes the account that somebody registered for; it signs nobody in."""
    await service.verify_email(tx, token=body.token, keyed_hash=keyed_hash, origin=origin)


@router.post("/auth/verify-email/resend", status_code=202)
async def resend_verification(
    body: Address,
    _: SameSite,
    _limit: Annotated[None, per_address("mail_requests")],
    limits: Limits,
    tx: Transaction,
    settings: Configured,
) -> MailSent:
    """Sends the link to verify an address once more, if a registration waits for that; the ones before are void."""
    await limits.by_account("mails", body.email)
    if settings.mail.email_verification:
        await mail.ask(tx, "registration", recipient=body.email)
    return MailSent(email=body.email)


@router.post("/auth/password-reset", status_code=202)
async def request_password_reset(
    body: Address,
    _: SameSite,
    _limit: Annotated[None, per_address("mail_requests")],
    limits: Limits,
    tx: Transaction,
    settings: Configured,
) -> MailSent:
    """Sends a link to a new password, if somebody has the address; the ones before are void."""
    await limits.by_account("mails", body.email)
    if settings.sends_mail:
        await mail.ask(tx, "password_reset", recipient=body.email)
    return MailSent(email=body.email)


@router.post(
    "/auth/password-reset/confirm",
    status_code=204,
    response_class=Response,
    responses=problems(LinkInvalid, LinkExpired),
)
async def reset_password(  # noqa: PLR0917
    body: NewPasswordByLink,
    _: SameSite,
    _limit: Annotated[None, per_address("links")],
    db: ReadOnly,
    tx: Transaction,
    auth: Auth,
    ways_in: EveryWayIn,
    keyed_hash: Hash,
    origin: RequestOrigin,
) -> None:
    """Sets a password by a link; every session of the account ends."""
    await service.reset_password(
        db,
        tx,
        token=body.token,
        password=body.password,
        passwords=auth.passwords,
        sessions=auth.sessions,
        ways_in=ways_in,
        keyed_hash=keyed_hash,
        origin=origin,
    )


@router.post(
    "/me/password", status_code=204, response_class=Response, responses=problems(WrongPassword, SessionRevoked)
)
async def change_password(  # noqa: PLR0917
    body: PasswordChange,
    caller: SignedIn,
    _limit: Annotated[None, per_account("password_changes")],
    limits: Limits,
    db: ReadOnly,
    tx: Transaction,
    auth: Auth,
    origin: RequestOrigin,
    settings: Configured,
    request: Request,
    response: Response,
) -> None:
    """Sets a password; the other sessions end, and this one goes on with new tokens."""
    user = await service.user_of(db, caller.user_id)
    async with limits.guess(user.email, WrongPassword):
        await service.prove(
            tx, user, password=body.current_password, passwords=auth.passwords, origin=origin, to="change_password"
        )
    await service.change_password(
        tx,
        user,
        session_id=caller.credential_id,
        new_password=body.new_password,
        passwords=auth.passwords,
        sessions=auth.sessions,
        origin=origin,
        tells=settings.sends_mail,
    )
    text = auth.cookies.refresh_token(request)
    signed_in = await auth.sessions.renew(tx, text, caller=caller, origin=origin)
    auth.cookies.write(response, signed_in.pair)


@router.post(
    "/me/email",
    status_code=202,
    responses={
        **problems(WrongPassword, EmailTaken),
        204: {"description": "Changed at once: this installation sends no mails"},
    },
)
async def request_email_change(  # noqa: PLR0917
    body: EmailChange,
    caller: SignedIn,
    _limit: Annotated[None, per_account("email_changes")],
    limits: Limits,
    db: ReadOnly,
    tx: Transaction,
    auth: Auth,
    origin: RequestOrigin,
    settings: Configured,
) -> MailSent:
    """Sends a link to a new e-mail address; it is the account's when the link is used."""
    user = await service.user_of(db, caller.user_id)
    async with limits.guess(user.email, WrongPassword):
        await service.prove(
            tx, user, password=body.password, passwords=auth.passwords, origin=origin, to="change_email"
        )
    if settings.sends_mail:
        await service.ask_to_change_email(tx, user, email=body.email)
        return MailSent(email=body.email)
    await service.change_email_at_once(tx, user, email=body.email, origin=origin)
    return Response(status_code=204)  # type: ignore[return-value]


@router.post(
    "/auth/change-email",
    status_code=204,
    response_class=Response,
    responses=problems(LinkInvalid, LinkExpired, EmailTaken),
)
async def change_email(
    body: LinkToken,
    _: SameSite,
    _limit: Annotated[None, per_address("links")],
    db: ReadOnly,
    tx: Transaction,
    keyed_hash: Hash,
    origin: RequestOrigin,
) -> None:
    """Gives an account the e-mail address that the link went to."""
    await service.change_email(db, tx, token=body.token, keyed_hash=keyed_hash, origin=origin)
