"""Postgres, before there is a pool of connections to it."""

import asyncio
from time import monotonic

import asyncpg
import structlog

log = structlog.get_logger(__name__)

_PAUSE = 0.5
_CONNECT_WITHIN = 5.0
# not there yet, not ready yet (57P03), full, or its host has no name yet
_AWAY = (
    OSError,
    asyncpg.CannotConnectNowError,
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.TooManyConnectionsError,
)


class AbsentError(Exception):
    """It didn't answer in time, or lets nobody in; the message says what it said last."""


async def present(url: str, *, within: float) -> None:
    """Returns when Postgres lets us in. Raises AbsentError when it doesn't in `within` seconds, or refuses for good."""
    until = monotonic() + within
    said = False
    while True:
        try:
            connection = await asyncpg.connect(url, timeout=_CONNECT_WITHIN)
        except _AWAY as error:
            if monotonic() > until:
                raise AbsentError(repr(error)) from None
            if not said:
                log.warning("waiting for postgres", error=repr(error))
            said = True
            await asyncio.sleep(_PAUSE)
        except asyncpg.PostgresError as error:
            raise AbsentError(repr(error)) from None
        else:
            await connection.close()
            return
