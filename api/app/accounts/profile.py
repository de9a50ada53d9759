"""What somebody does with their own data: change it, take it along, and have it erased."""

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import Row

from app.accounts import profile_repository
from app.accounts.errors import FreshSignInNeeded, WrongPassword
from app.accounts.passwords import Passwords
from app.accounts.sessions import Sessions
from app.audit import service as audit
from app.core.access import EndAccess
from app.core.caller import Caller
from app.core.db import Reader, WriteTransaction
from app.core.errors import Unauthenticated
from app.core.origin import Origin
from app.core.personal import Held, Person, PersonalData

FRESH = timedelta(minutes=5)


async def rename(tx: WriteTransaction, *, caller: Caller, name: str) -> Row[Any]:
    """The account with its new name. Raises Unauthenticated when it is gone."""
    return await profile_repository.rename(tx, caller.user_id, name) or _gone()


async def person(db: Reader | WriteTransaction, caller: Caller) -> Row[Any]:
    """The account with the hash of its password. Raises Unauthenticated when it is gone."""
    return await profile_repository.person(db, caller.user_id) or _gone()


async def export(db: Reader, owner: Person, held: Iterable[Held]) -> AsyncIterator[bytes]:
    """The file, piece by piece: it may be larger than what a process should hold."""
    yield b'{"exported_at":' + to_json(datetime.now(UTC)) + b',"data":{'
    for number, each in enumerate(held):
        yield (b"," if number else b"") + to_json(each.name) + b":["
        first = True
        async for row in each.rows(db, owner):
            yield (b"" if first else b",") + to_json(row)
            first = False
        yield b"]"
    yield b"}}\n"


async def prove(
    db: Reader, *, caller: Caller, given: str | None, password_hash: str | None, passwords: Passwords
) -> None:
    """Raises unless whoever asks is surely the account's owner: WrongPassword, FreshSignInNeeded."""
    if given is None:
        if not await profile_repository.came_from_provider(db, caller.credential_id, within=FRESH):
            raise FreshSignInNeeded
    elif not (await passwords.verify(given, password_hash))[0]:
        raise WrongPassword


async def erase(
    tx: WriteTransaction,
    *,
    user_id: UUID,
    origin: Origin,
    sessions: Sessions,
    ways_in: Iterable[EndAccess],
    personal: PersonalData,
) -> None:
    """Ends everything that the account opened, and deletes everything that is held of its owner.

    What remains is the audit log, which names them by an id that leads nowhere.
    """
    user = await sessions.lock_user(tx, user_id, origin=origin, how="update")
    await sessions.end(tx, user_id=user_id)
    for end_access in ways_in:
        await end_access(tx, user_id=user_id, actor=user_id, origin=origin)
    await audit.record(tx, "account_erased", origin=origin, actor=user_id, user=user_id)
    for take_away in personal.erasers:
        await take_away(tx, Person(user_id, user.email))
    await profile_repository.delete(tx, user_id)


def _gone() -> Row[Any]:
    raise Unauthenticated
