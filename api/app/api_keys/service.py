"""What happens when somebody makes or revokes an API key."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row

from app.accounts import sessions_repository
from app.api_keys import repository
from app.api_keys.authentication import ApiKeys
from app.api_keys.errors import TooManyKeys
from app.api_keys.keys import new_key, shown
from app.api_keys.schemas import ApiKeyCreate
from app.audit import service as audit
from app.core.caller import Caller
from app.core.db import WriteTransaction
from app.core.errors import NotFound, Unauthenticated
from app.core.origin import Origin

MOST = 20


class Made(NamedTuple):
    """The row of a new key, and the key itself, which nobody can tell again."""

    row: Row[Any]
    key: str


async def create(
    tx: WriteTransaction, *, caller: Caller, body: ApiKeyCreate, api_keys: ApiKeys, origin: Origin
) -> Made:
    """Makes a key. Raises TooManyKeys, and Unauthenticated where the session has ended: it leaves no key behind."""
    # in this order, as whoever ends all of a user's sessions
    if not await repository.lock_owner(tx, caller) or not await sessions_repository.lock(tx, caller.credential_id):
        raise Unauthenticated
    if await repository.count(tx, caller) >= MOST:
        raise TooManyKeys
    key = new_key()
    row = await repository.add(tx, caller, body.name, shown(key), api_keys.hashed(key), body.scopes, body.expires_at)
    facts: dict[str, Any] = {"key": str(row.id), "scopes": body.scopes}
    await audit.record(tx, "key_created", origin=origin, actor=caller.user_id, user=caller.user_id, **facts)
    return Made(row, key)


async def revoke(tx: WriteTransaction, *, caller: Caller, key_id: UUID, api_keys: ApiKeys, origin: Origin) -> None:
    """Ends a key, and within a second what it opened. Raises NotFound."""
    if not await repository.remove(tx, caller, key_id):
        raise NotFound
    await api_keys.revocations.end(tx, [key_id])
    await audit.record(tx, "key_revoked", origin=origin, actor=caller.user_id, user=caller.user_id, key=str(key_id))


async def revoke_all(
    tx: WriteTransaction, *, user_id: UUID, actor: UUID | None, origin: Origin, api_keys: ApiKeys
) -> None:
    """Ends all keys of a user. With `api_keys` it is an `EndAccess`."""
    key_ids = await repository.remove_all(tx, user_id)
    await api_keys.revocations.end(tx, key_ids)
    for key_id in key_ids:
        await audit.record(tx, "key_revoked", origin=origin, actor=actor, user=user_id, key=str(key_id))
