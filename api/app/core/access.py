"""What ends with a person's access besides their sessions: who gives some adds how it is taken, in `main`."""

from typing import Annotated, Protocol
from uuid import UUID

from fastapi import Depends
from starlette.requests import HTTPConnection

from app.core.db import WriteTransaction
from app.core.origin import Origin


class EndAccess(Protocol):
    """Takes what somebody may sign in or act with, and closes what it opened."""

    async def __call__(self, tx: WriteTransaction, *, user_id: UUID, actor: UUID | None, origin: Origin) -> None: ...


async def _ways_in(connection: HTTPConnection) -> tuple[EndAccess, ...]:
    ways: tuple[EndAccess, ...] = connection.app.state.end_access
    return ways


async def _all_ways_in(connection: HTTPConnection) -> tuple[EndAccess, ...]:
    ways: tuple[EndAccess, ...] = connection.app.state.disown
    return ways


WaysIn = Annotated[tuple[EndAccess, ...], Depends(_ways_in)]
"""All of them but sessions."""

EveryWayIn = Annotated[tuple[EndAccess, ...], Depends(_all_ways_in)]
"""All of them but sessions and the password, also those that outlast a disabled account: who proves for the first time
that an account's address is theirs finds nothing in it that a stranger could come back by."""
