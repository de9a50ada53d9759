"""What happens when somebody registers, signs in or signs out."""

from typing import Any, NamedTuple

from sqlalchemy import Row

from app.accounts import repository
from app.accounts.errors import EmailTaken, InvalidCredentials
from app.accounts.passwords import Passwords
from app.accounts.schemas import Credentials, Registration
from app.accounts.tokens import Claims, Tokens
from app.core.db import Reader, WriteTransaction


class SignIn(NamedTuple):
    """A user, and the access token of the new session."""

    user: Row[Any]
    token: str


async def register(tx: WriteTransaction, *, body: Registration, passwords: Passwords, tokens: Tokens) -> SignIn:
    """Makes an account and signs it in. Raises EmailTaken."""
    password_hash = await passwords.hash(body.password)  # before the transaction begins: it takes its time
    user = await repository.add_user(tx, email=body.email, name=body.name, password_hash=password_hash)
    if user is None:
        raise EmailTaken
    return await _start_session(tx, user, tokens)


async def sign_in(
    db: Reader, tx: WriteTransaction, *, body: Credentials, passwords: Passwords, tokens: Tokens
) -> SignIn:
    """Starts a session. Raises InvalidCredentials, as slowly for an unknown address as for a wrong password."""
    user = await repository.user_by_email(db, body.email)
    is_right, new_hash = await passwords.verify(body.password, user and user.password_hash)
    if user is None or not is_right:
        raise InvalidCredentials
    if new_hash:
        await repository.set_password_hash(tx, user.id, new_hash)
    return await _start_session(tx, user, tokens)


async def sign_out(tx: WriteTransaction, claims: Claims) -> None:
    """Ends the session; its token is refused from now on."""
    await repository.end_session(tx, claims.session_id)


async def _start_session(tx: WriteTransaction, user: Row[Any], tokens: Tokens) -> SignIn:
    session_id = await repository.add_session(tx, user.id, tokens.ttl)
    return SignIn(user, tokens.issue(Claims(user.id, session_id)))
