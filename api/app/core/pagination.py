"""Pages of a list that is ordered by id, newest first."""

import base64
import binascii
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import Depends, Query

from app.core.errors import InvalidRequest

_ID_BYTES = 16


class PageRequest(NamedTuple):
    """Which page is asked for: `limit` rows that are older than `before`."""

    before: UUID | None
    limit: int


def encode_cursor(last: UUID) -> str:
    """The cursor after a page that ended with `last`."""
    return base64.urlsafe_b64encode(last.bytes).rstrip(b"=").decode()


def decode_cursor(cursor: str) -> UUID:
    """What `encode_cursor` was given. Raises InvalidRequest."""
    try:
        raw = base64.b64decode(cursor + "==", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != _ID_BYTES or encode_cursor(found := UUID(bytes=raw)) != cursor:
        raise InvalidRequest("cursor: it is none of ours")
    return found


async def _page(
    cursor: Annotated[str | None, Query(description="The page's `next_cursor`; without it the first page")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> PageRequest:
    return PageRequest(decode_cursor(cursor) if cursor is not None else None, limit)


Page = Annotated[PageRequest, Depends(_page)]
