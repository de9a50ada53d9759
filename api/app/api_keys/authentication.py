"""Finds out whose key a request comes with, for every feature: `core.caller` asks here."""

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


class ApiKeys:
    """The parts that keys need, made once a process."""

    def __init__(self, settings: Settings, revocations: Revocations) -> None:
        self._hash = KeyedHash(settings.auth.secret_key.get_secret_value())
        self.revocations = revocations
        self.uses = Uses()

    def hashed(self, key: str) -> bytes:
        """What is stored of a key."""
        return self._hash("api key", key)

    async def authenticate(self, connection: HTTPConnection) -> Caller:
        """Who acts by the key, wherever the request comes from. Raises Unauthenticated."""
        given = _bearers(connection)
        key = given[0].partition(" ")[2].strip()
        if len(given) > 1 or not is_key(key):
            raise Unauthenticated
        row = await repository.by_hash(Reader(connection.app.state.db), self.hashed(key))
        if row is None:
            raise Unauthenticated
        self.uses.note(row.id)
        return Caller(row.user_id, row.id, cast("Role", row.role), frozenset(row.scopes))


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
