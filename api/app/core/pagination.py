"""Pages of a list that is ordered by id, newest first."""

import base64
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field

# 16 bytes in base64url; the last of its 22 characters stands for two bits only
Cursor = Annotated[str, Field(pattern="^[A-Za-z0-9_-]{21}[AQgw]$")]


class PageRequest(NamedTuple):
    """Which page is asked for: `limit` rows that are older than `before`."""

    before: UUID | None
    limit: int


def encode_cursor(last: UUID) -> Cursor:
    """The cursor after a page that ended with `last`."""
    return base64.urlsafe_b64encode(last.bytes).rstrip(b"=").decode()


def decode_cursor(cursor: Cursor) -> UUID:
    """What `encode_cursor` was given."""
    return UUID(bytes=base64.urlsafe_b64decode(cursor + "=="))


async def _page(
    cursor: Annotated[Cursor | None, Query(description="The page's `next_cursor`; without it the first page")] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="How many, at most")] = 20,
) -> PageRequest:
    return PageRequest(decode_cursor(cursor) if cursor is not None else None, limit)


Page = Annotated[PageRequest, Depends(_page)]
