"""What happens when somebody registers or signs in."""

from app.accounts import registrations_repository, repository
from app.accounts.errors import EmailTaken, EmailUnverified, InvalidCredentials
from app.accounts.passwords import Passwords
from app.accounts.schemas import Credentials, Registration
from app.accounts.sessions import Sessions, SignIn
from app.audit import service as audit
from app.core.db import Reader, WriteTransaction
from app.core.origin import Origin
from app.mail import service as mail


async def register(
    tx: WriteTransaction, *, body: Registration, passwords: Passwords, sessions: Sessions, origin: Origin
) -> SignIn:
    """Makes an account and signs it in. Raises EmailTaken."""
    password_hash = await passwords.hash(body.password)  # before the transaction begins: it takes its time
    user = await repository.add_user(tx, email=body.email, name=body.name, password_hash=password_hash)
    if user is None:
        raise EmailTaken
    await audit.record(tx, "registered", origin=origin, actor=user.id, user=user.id, method="password")
    return await sessions.start(tx, user_id=user.id, origin=origin, method="password")


async def ask_to_register(tx: WriteTransaction, *, body: Registration, passwords: Passwords) -> None:
    """Keeps the registration until its address is verified.

    It is the same work whether or not somebody has the address: who writes the mail finds out.
    """
    password_hash = await passwords.hash(body.password)
    await registrations_repository.put(tx, email=body.email, name=body.name, password_hash=password_hash)
    await mail.ask(tx, "registration", recipient=body.email)


async def sign_in(
    db: Reader,
    tx: WriteTransaction,
    *,
    body: Credentials,
    passwords: Passwords,
    sessions: Sessions,
    origin: Origin,
    verifies: bool,
) -> SignIn:
    """Starts a session. Raises InvalidCredentials, as slowly for an unknown address as for a wrong password.

    Raises EmailUnverified for the right password of a registration that waits; to anybody else that is unknown, too.
    """
    user = await repository.user_by_email(db, body.email)
    waiting = await registrations_repository.password_hash(db, body.email) if verifies else None
    is_right, new_hash = await passwords.verify(body.password, user.password_hash if user else waiting)
    if is_right and not user:
        raise EmailUnverified
    if user and is_right:  # once more under a lock: nobody starts a session with a password that was just changed
        now = await sessions.lock_user(tx, user.id, origin=origin, how="update" if new_hash else "share")
        if now.password_hash != user.password_hash:
            is_right, new_hash = await passwords.verify(body.password, now.password_hash)
    if user is None or not is_right:
        await audit.record(tx, "sign_in_failed", origin=origin, user=user and user.id, email=body.email)
        raise InvalidCredentials
    if new_hash:
        await repository.set_password_hash(tx, user.id, new_hash)
    return await sessions.start(tx, user_id=user.id, origin=origin, method="password")
