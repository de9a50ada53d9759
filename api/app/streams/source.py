"""What a stream needs to know of the rows behind it: the feature that owns them implements this."""

from collections.abc import Collection
from typing import Protocol
from uuid import UUID

from app.streams.cursor import Cursor
from app.streams.log import Entry, Record


class Document(Protocol):
    """A row as one read of the database gave it, brought forward by the log's entries that follow it."""

    cursor: Cursor
    """What the text accounts for; an ending's cursor when the row is finished."""

    def fold(self, entry: Entry) -> None:
        """Takes in the next entry of the same attempt."""

    def snapshot(self) -> Record:
        """Everything so far in one event."""

    def ending(self) -> Record:
        """The ending of a finished row: the same bytes whoever builds it."""


class Source(Protocol):
    """The rows, as truth of last resort."""

    async def cursors(self, documents: Collection[UUID]) -> dict[UUID, Cursor]:
        """The rows' cursors in one query; a row that is gone is left out."""

    async def load(self, document: UUID) -> Document | None:
        """The whole row, or None when it is gone."""

    def missing(self, document: UUID) -> Record:
        """The event that says that the row is gone."""
