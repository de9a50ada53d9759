"""What happens when somebody verifies an address, has forgotten a password, or changes one of the two.

Asking for a mail is the same work for every address: whether somebody has it is found out when the mail is written.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.accounts import registrations_repository
from app.accounts import repository as accounts
from app.accounts.common_passwords import is_common
from app.accounts.errors import CommonPassword, WrongPassword
from app.accounts.passwords import Passwords
from app.accounts.sessions import Sessions
from app.audit import service as audit
from app.core.access import EndAccess
from app.core.db import Reader, WriteTransaction
from app.core.errors import Unauthenticated
from app.core.keyed_hash import KeyedHash
from app.core.origin import Origin
from app.credentials import repository
from app.credentials.letters import CHANGE_EMAIL, RESET_PASSWORD, VERIFY_EMAIL, WITH_LINKS
from app.mail import service as mail
from app.mail.errors import LinkInvalid


async def verify_email(tx: WriteTransaction, *, token: str, keyed_hash: KeyedHash, origin: Origin) -> None:
    """Makes the account that waits for this. Raises LinkInvalid and LinkExpired."""
    link = await mail.spend(tx, keyed_hash, VERIFY_EMAIL, token)
    registration = await registrations_repository.take(tx, link.email, before=link.created_at)
    # of a registration that was replaced meanwhile the link isn't, and an account may have come about in another way
    if registration is None:
        raise LinkInvalid
    user = await accounts.add_user(
        tx, email=link.email, name=registration.name, password_hash=registration.password_hash, is_verified=True
    )
    if user is None:
        raise LinkInvalid
    await mail.withdraw(tx, user_id=None, email=link.email, kinds=WITH_LINKS)
    await audit.record(tx, "registered", origin=origin, actor=user.id, user=user.id, method="password")
    await audit.record(tx, "email_verified", origin=origin, actor=user.id, user=user.id)


async def reset_password(
    db: Reader,
    tx: WriteTransaction,
    *,
    token: str,
    password: str,
    passwords: Passwords,
    sessions: Sessions,
    ways_in: tuple[EndAccess, ...],
    keyed_hash: KeyedHash,
    origin: Origin,
) -> None:
    """Sets a password and ends every session. Raises LinkInvalid, LinkExpired and CommonPassword.

    Where the address was never verified, anybody may have made the account: keys and identities in it end, too.
    """
    user = await _user_of_link(db, keyed_hash, RESET_PASSWORD, token)
    _require_uncommon(password, user, "/password")
    password_hash = await passwords.hash(password)  # before the transaction begins: it takes its time
    locked = await repository.lock(tx, user.id)  # first, like everybody who takes both
    link = await mail.spend(tx, keyed_hash, RESET_PASSWORD, token)
    if locked is None or locked.email != link.email:
        raise LinkInvalid
    await repository.set_password(tx, user.id, password_hash)
    await repository.set_verified(tx, user.id)
    await mail.withdraw(tx, user_id=user.id, email=locked.email, kinds=WITH_LINKS)
    ended = await sessions.end(tx, user_id=user.id)
    if locked.email_verified_at is None:
        for end in ways_in:  # after the sessions: one of them may just be linking an identity
            await end(tx, user_id=user.id, actor=None, origin=origin)
    await audit.record(tx, "password_reset", origin=origin, user=user.id, sessions=len(ended))
    await mail.ask(tx, "password_changed", recipient=locked.email, user_id=user.id)


async def change_password(
    tx: WriteTransaction,
    user: Row[Any],
    *,
    session_id: UUID,
    new_password: str,
    passwords: Passwords,
    sessions: Sessions,
    origin: Origin,
    tells: bool,
) -> None:
    """Sets a password for somebody who proved to know the present one, and ends the other sessions.

    Raises CommonPassword, and WrongPassword where the present one was changed meanwhile.
    """
    _require_uncommon(new_password, user, "/new_password")
    password_hash = await passwords.hash(new_password)
    await _lock(tx, user)
    await repository.set_password(tx, user.id, password_hash)
    await mail.withdraw(tx, user_id=user.id, email=user.email, kinds=WITH_LINKS)
    ended = await sessions.end(tx, user_id=user.id, except_id=session_id)
    await audit.record(tx, "password_changed", origin=origin, actor=user.id, user=user.id, sessions=len(ended))
    if tells:
        await mail.ask(tx, "password_changed", recipient=user.email, user_id=user.id)


async def ask_to_change_email(tx: WriteTransaction, user: Row[Any], *, email: str) -> None:
    """Sends a link to the new address and a word to the present one; whether somebody has the new one stays untold."""
    if email != user.email:
        await mail.withdraw(tx, user_id=user.id, email=user.email, kinds=["email_change"])
        await mail.ask(tx, "email_change", recipient=email, user_id=user.id)
        await mail.ask(tx, "email_changing", recipient=user.email, user_id=user.id)


async def change_email_at_once(tx: WriteTransaction, user: Row[Any], *, email: str, origin: Origin) -> None:
    """Where there is no mail, the new address is believed as it is at registration. Raises EmailTaken."""
    await _lock(tx, user)
    await repository.set_email(tx, user.id, email, verified=False)
    await audit.record(tx, "email_changed", origin=origin, actor=user.id, user=user.id, email=user.email)


async def change_email(db: Reader, tx: WriteTransaction, *, token: str, keyed_hash: KeyedHash, origin: Origin) -> None:
    """Gives a user the address that the link went to. Raises LinkInvalid, LinkExpired and EmailTaken."""
    user = await _user_of_link(db, keyed_hash, CHANGE_EMAIL, token)
    locked = await repository.lock(tx, user.id)
    link = await mail.spend(tx, keyed_hash, CHANGE_EMAIL, token)
    if locked is None:
        raise LinkInvalid
    await repository.set_email(tx, user.id, link.email, verified=True)
    await mail.withdraw(tx, user_id=user.id, email=locked.email, kinds=WITH_LINKS)
    await audit.record(tx, "email_changed", origin=origin, actor=user.id, user=user.id, email=locked.email)
    await mail.ask(tx, "email_changed", recipient=locked.email, user_id=user.id)


async def user_of(db: Reader, user_id: UUID) -> Row[Any]:
    """Whose credentials are to change. Raises Unauthenticated."""
    user = await repository.credentials(db, user_id)
    if user is None:  # deleted since the session was looked up
        raise Unauthenticated
    return user


async def prove(
    tx: WriteTransaction, user: Row[Any], *, password: str, passwords: Passwords, origin: Origin, to: str
) -> None:
    """Raises WrongPassword unless this is the user's, and for an account that has none."""
    is_right, _ = await passwords.verify(password, user.password_hash)
    if not is_right:
        await audit.record(tx, "sign_in_failed", origin=origin, actor=user.id, user=user.id, reason=to)
        raise WrongPassword


async def _user_of_link(db: Reader, keyed_hash: KeyedHash, purpose: str, token: str) -> Row[Any]:
    """Whose link it is, before anything is locked or hashed for it."""
    link = await mail.look(db, keyed_hash, purpose, token)
    user = await repository.credentials(db, link.user_id) if link.user_id else None
    if user is None:
        raise LinkInvalid
    return user


async def _lock(tx: WriteTransaction, user: Row[Any]) -> None:
    """Raises WrongPassword when the password that was just proved isn't the user's any more."""
    locked = await repository.lock(tx, user.id)
    if locked is None or (locked.password_hash, locked.email) != (user.password_hash, user.email):
        raise WrongPassword


def _require_uncommon(password: str, user: Row[Any], pointer: str) -> None:
    if is_common(password, user.email, user.name):
        raise CommonPassword(pointer)
