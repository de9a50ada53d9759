"""Who is calling. Accounts know how to find out; every other feature only needs the answer."""

from collections.abc import Awaitable, Callable, Collection
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

from fastapi import Depends
from starlette.requests import HTTPConnection
from structlog.contextvars import bind_contextvars

from app.core.errors import Unauthenticated, raises

Role = Literal["user", "admin"]


class Caller(NamedTuple):
    """Somebody who is signed in."""

    user_id: UUID
    session_id: UUID
    role: Role


Authenticate = Callable[[HTTPConnection], Awaitable[Caller]]
"""Gives the caller, or raises Unauthenticated or CrossSite. It is `app.state.authenticate`."""

Alive = Callable[[Collection[UUID]], Awaitable[Collection[UUID]]]
"""Gives those of the sessions that have not ended: for connections that outlive the request that opened them."""


@raises(Unauthenticated)
async def signed_in(connection: HTTPConnection) -> Caller:
    authenticate: Authenticate = connection.app.state.authenticate
    caller = await authenticate(connection)
    bind_contextvars(user_id=str(caller.user_id))
    return caller


SignedIn = Annotated[Caller, Depends(signed_in)]
