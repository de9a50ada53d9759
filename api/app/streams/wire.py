"""How an event is written on a connection."""

from typing import Protocol

from app.streams.cursor import Cursor
from app.streams.log import Record


class Wire(Protocol):
    """An encoding; encoded frames are shared by all readers of the same wire."""

    def event(self, cursor: Cursor | None, record: Record) -> bytes:
        """One frame. Without a cursor the client's place does not move."""

    def farewell(self, retry_ms: int) -> bytes:
        """What tells a client to come back with its cursor after `retry_ms` milliseconds."""


class ServerSentEvents:
    """`text/event-stream`: our JSON is one line, so a frame needs no splitting."""

    def event(self, cursor: Cursor | None, record: Record) -> bytes:
        if cursor is None:
            return b"event: %s\ndata: %s\n\n" % (record.type.encode(), record.data)
        return b"event: %s\nid: %d-%d\ndata: %s\n\n" % (record.type.encode(), *cursor, record.data)

    def farewell(self, retry_ms: int) -> bytes:
        return b"retry: %d\n\n" % retry_ms


SSE = ServerSentEvents()
