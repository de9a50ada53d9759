"""Who is calling. Accounts know how to find out; every other feature only needs the answer."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

from fastapi import Depends
from starlette.requests import HTTPConnection
from structlog.contextvars import bind_contextvars

from app.core.errors import InsufficientScope, NotFound, Unauthenticated, raises
from app.core.security import ADMIN, SESSION, admits, api_key

Role = Literal["user", "admin"]
Scope = Literal["tasks:read", "tasks:write", "design"]


class Caller(NamedTuple):
    """Somebody whose request this is."""

    user_id: UUID
    credential_id: UUID
    """The session, or the API key. What it opened is closed when it ends."""
    role: Role
    scopes: frozenset[Scope] | None = None
    """What an API key is for; None for a session, which is for everything."""


Authenticate = Callable[[HTTPConnection], Awaitable[Caller]]
"""Gives the caller, or raises Unauthenticated or CrossSite. It is `app.state.authenticate`."""

HasEnded = Callable[[UUID], bool]
"""Whether a credential has ended since it was good: for what outlives the request that opened it."""


@raises(Unauthenticated)
async def calling(connection: HTTPConnection) -> Caller:
    """Whoever it is, by session or by key; what a key may do is still to be asked."""
    authenticate: Authenticate = connection.app.state.authenticate
    caller = await authenticate(connection)
    bind_contextvars(user_id=str(caller.user_id))
    return caller


def require(caller: Caller, scope: Scope | None) -> Caller:
    """The caller. Raises InsufficientScope for a key without the scope; without one, for every key."""
    if caller.scopes is not None and scope not in caller.scopes:
        raise InsufficientScope
    return caller


def allowed(scope: Scope) -> Callable[..., Awaitable[Caller]]:
    """A dependency: who is signed in, or has a key for this."""

    @admits(SESSION, api_key(scope))
    @raises(InsufficientScope)
    async def check(caller: Annotated[Caller, Depends(calling)]) -> Caller:
        return require(caller, scope)

    return check


@admits(SESSION)
@raises(InsufficientScope)
async def _signed_in(caller: Annotated[Caller, Depends(calling)]) -> Caller:
    return require(caller, None)


@admits(ADMIN)
@raises(NotFound)
async def _administering(caller: Annotated[Caller, Depends(_signed_in)]) -> Caller:
    if caller.role != "admin":
        raise NotFound  # what you may not see
    return caller


SignedIn = Annotated[Caller, Depends(_signed_in)]
"""Somebody with a session: what no key may do, as to manage keys and sessions."""

Admin = Annotated[Caller, Depends(_administering)]
"""Somebody with a session and the role of an administrator."""
