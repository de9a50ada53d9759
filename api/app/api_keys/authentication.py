"""Finds out whose key a request comes with, for every feature: `core.caller` asks here."""

from time import monotonic
from typing import Annotated, cast

from fastapi import Depends
from starlette.requests import HTTPConnection

from app.accounts.revocations import Revocations
from app.api_keys import repository
from app.api_keys.keys import is_key
from app.api_keys.uses import Uses
from app.core.caller import Caller, Role
from app.core.db import Reader
from app.core.errors import Unauthenticated
from app.core.keyed_hash import KeyedHash
from app.settings import Settings

_SCHEME = "bearer"
_REMEMBERED_FOR = 60.0  # seconds: less than revocations are known for
_MOST_REMEMBERED = 10_000


class ApiKeys:
    """The parts that keys need, made once a process."""

    def __init__(self, settings: Settings, revocations: Revocations) -> None:
        self._hash = KeyedHash(settings.auth.secret_key.get_secret_value())
        self.revocations = revocations
        self.uses = Uses()
        self._known: dict[bytes, tuple[Caller, float]] = {}

    def hashed(self, key: str) -> bytes:
        """What is stored of a key."""
        return self._hash("api key", key)

    async def authenticate(self, connection: HTTPConnection) -> Caller:
        """Who acts by the key, wherever the request comes from. Raises Unauthenticated."""
        given = _bearers(connection)
        key = given[0].partition(" ")[2].strip()
        if len(given) > 1 or not is_key(key):
            raise Unauthenticated
        hashed = self.hashed(key)
        caller = self._remembered(hashed) or await self._looked_up(Reader(connection.app.state.db), hashed)
        self.uses.note(caller.credential_id)
        return caller

    def _remembered(self, hashed: bytes) -> Caller | None:
        caller, until = self._known.get(hashed, (None, 0.0))
        if caller is None or monotonic() >= until or not self.revocations.is_current:
            return None
        return None if self.revocations.has_ended(caller.credential_id) else caller

    async def _looked_up(self, db: Reader, hashed: bytes) -> Caller:
        self._known.pop(hashed, None)
        row = await repository.by_hash(db, hashed)
        if row is None:
            raise Unauthenticated
        caller = Caller(row.user_id, row.id, cast("Role", row.role), frozenset(row.scopes))
        good_for = _REMEMBERED_FOR if row.left is None else min(_REMEMBERED_FOR, row.left.total_seconds())
        while len(self._known) >= _MOST_REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[hashed] = caller, monotonic() + good_for
        return caller


def has_bearer(connection: HTTPConnection) -> bool:
    """Whether the request says that a key decides, instead of a cookie."""
    return bool(_bearers(connection))


def _bearers(connection: HTTPConnection) -> list[str]:
    given = connection.headers.getlist("authorization")
    return [header for header in given if header.partition(" ")[0].lower() == _SCHEME]


async def _api_keys(connection: HTTPConnection) -> ApiKeys:
    api_keys: ApiKeys = connection.app.state.api_keys
    return api_keys


Keys = Annotated[ApiKeys, Depends(_api_keys)]
