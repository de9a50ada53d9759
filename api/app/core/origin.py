"""Where a request comes from: what sessions and the audit log note of it."""

from typing import Annotated, NamedTuple

from fastapi import Depends
from starlette.requests import HTTPConnection

_LONGEST_AGENT = 400


class Origin(NamedTuple):
    """Who sent a request, as far as one can tell."""

    address: str
    """The peer's, or what a proxy of ours says; empty when there is none."""
    user_agent: str
    """What the client calls itself."""
    request_id: str


async def origin_of(connection: HTTPConnection) -> Origin:
    """The origin of a request, or of a socket's handshake."""
    return Origin(
        connection.client.host if connection.client else "",
        connection.headers.get("user-agent", "")[:_LONGEST_AGENT],
        connection.scope.get("state", {}).get("request_id", ""),
    )


RequestOrigin = Annotated[Origin, Depends(origin_of)]
