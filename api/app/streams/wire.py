"""How an event is written on a connection."""

import json
from typing import NamedTuple, Protocol

from app.streams.catch_up import CatchUp
from app.streams.cursor import Cursor
from app.streams.log import Record


class Wire(Protocol):
    """An encoding; encoded frames are shared by all readers of an equal wire."""

    def begin(self, cursor: Cursor | None, caught: CatchUp) -> bytes:
        """What comes before the first events of a reader at `cursor`."""

    def event(self, cursor: Cursor | None, record: Record) -> bytes:
        """One frame. Without a cursor the client's place does not move."""

    def farewell(self, retry_ms: int) -> bytes:
        """What tells a client to come back with its cursor after `retry_ms` milliseconds."""


class ServerSentEvents:
    """`text/event-stream`: our JSON is one line, so a frame needs no splitting."""

    def begin(self, _cursor: Cursor | None, _caught: CatchUp) -> bytes:
        return b""

    def event(self, cursor: Cursor | None, record: Record) -> bytes:
        if cursor is None:
            return b"event: %s\ndata: %s\n\n" % (record.type.encode(), record.data)
        return b"event: %s\nid: %d-%d\ndata: %s\n\n" % (record.type.encode(), *cursor, record.data)

    def farewell(self, retry_ms: int) -> bytes:
        return b"retry: %d\n\n" % retry_ms


class Messages:
    """A WebSocket's own messages, one a line; they are written as one text frame each. A close code says farewell."""

    def begin(self, _cursor: Cursor | None, _caught: CatchUp) -> bytes:
        return b""

    def event(self, _cursor: Cursor | None, record: Record) -> bytes:
        return record.data + b"\n"

    def farewell(self, _retry_ms: int) -> bytes:
        return b""


class TopicMessages(NamedTuple):
    """A topic's messages on a WebSocket: the same frames for all who are subscribed to it."""

    topic: str

    def begin(self, cursor: Cursor | None, caught: CatchUp) -> bytes:
        # a reset before it belongs to the cursor that was asked for, so that is then where it goes on
        snapshot_first = bool(caught.steps) and caught.steps[0].record.type == "snapshot"
        return subscribed(self.topic, None if cursor is None or snapshot_first else str(cursor))

    def event(self, cursor: Cursor | None, record: Record) -> bytes:
        return self.at(str(cursor) if cursor else None, record.data)

    def farewell(self, _retry_ms: int) -> bytes:
        return b""

    def at(self, cursor: str | None, event: bytes) -> bytes:
        """The event with any feature's cursor, which is text that JSON need not escape."""
        place = b'"%s"' % cursor.encode() if cursor is not None else b"null"
        return b'{"type":"event","topic":%s,"cursor":%s,"event":%s}\n' % (_json(self.topic), place, event)


def subscribed(topic: str, cursor: str | None) -> bytes:
    return b'{"type":"subscribed","topic":%s,"cursor":%s}\n' % (_json(topic), _json(cursor))


def unsubscribed(topic: str) -> bytes:
    return b'{"type":"unsubscribed","topic":%s}\n' % _json(topic)


def _json(value: str | None) -> bytes:
    return json.dumps(value).encode()


SSE = ServerSentEvents()
MESSAGES = Messages()
