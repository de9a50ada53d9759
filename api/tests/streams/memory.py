"""Rows in memory behind the real log and the real hub, and a reader that keeps what a client would have."""

import asyncio
import json
from collections.abc import Collection
from uuid import UUID

from app.streams.cursor import Cursor
from app.streams.log import Entry, Record
from app.streams.reader import Reader


def token(offset: int, text: str) -> Record:
    return Record("token", json.dumps({"type": "token", "offset": offset, "text": text}).encode())


def units(text: str) -> int:
    """UTF-16 code units, by a way of its own."""
    return len(text.encode("utf-16-le")) // 2


class MemoryDocument:
    def __init__(self, cursor: Cursor, text: str) -> None:
        self.cursor = cursor
        self.text = text

    def fold(self, entry: Entry) -> None:
        self.cursor = entry.cursor
        self.text += json.loads(entry.record.data)["text"]

    def snapshot(self) -> Record:
        return Record("snapshot", json.dumps({"type": "snapshot", "text": self.text}).encode())

    def ending(self) -> Record:
        return Record("task_finished", json.dumps({"type": "task_finished", "length": len(self.text)}).encode())


class MemorySource:
    """Rows that a test sets; `is_away` makes every question fail, and `hangs` leaves it without an answer."""

    def __init__(self) -> None:
        self.rows: dict[UUID, tuple[Cursor, str]] = {}
        self.is_away = False
        self.hangs = False

    async def cursors(self, documents: Collection[UUID]) -> dict[UUID, Cursor]:
        if self.hangs:
            await asyncio.Event().wait()
        if self.is_away:
            raise ConnectionError("away")
        return {document: self.rows[document][0] for document in documents if document in self.rows}

    async def load(self, document: UUID) -> MemoryDocument | None:
        if self.is_away:
            raise ConnectionError("away")
        return MemoryDocument(*self.rows[document]) if document in self.rows else None

    def missing(self, document: UUID) -> Record:
        return Record("task_missing", json.dumps({"type": "task_missing", "task_id": str(document)}).encode())


class Client:
    """Follows the rules of the wire over a reader's frames, and fails where they are broken."""

    def __init__(self) -> None:
        self.text = ""
        self.cursor: Cursor | None = None
        self.types: list[str] = []
        self.is_ended = False

    async def read_until(self, reader: Reader, *, types: Collection[str] = (), length: int | None = None) -> None:
        """Reads until one of `types` came or the text is `length` long."""
        while frames := await reader.take():
            seen = self.take(frames)
            if set(types) & set(seen) or (length is not None and len(self.text) >= length):
                return
        assert self.is_ended or "retry" in self.types, "the connection ended without a reason"

    def take(self, frames: bytes) -> list[str]:
        seen = []
        for frame in frames.decode().split("\n\n")[:-1]:
            fields = dict(line.split(": ", 1) for line in frame.split("\n"))
            seen.append(fields.get("event", "retry"))
            if "event" in fields:
                self._event(fields)
        self.types += seen
        return seen

    def _event(self, fields: dict[str, str]) -> None:
        assert not self.is_ended, "an event after the ending"
        event = json.loads(fields["data"])
        assert event["type"] == fields["event"]
        cursor = Cursor.parse(fields.get("id"))
        match event["type"]:
            case "token":
                assert event["offset"] == units(self.text), "a hole or an overlap"
                self.text += event["text"]
            case "snapshot":
                self.text = event["text"]
            case "reset":
                self.text = ""
                if event["reason"] == "log_lost":
                    self.cursor = None
            case "task_finished":
                assert event["length"] == units(self.text)
                self.is_ended = True
            case "task_missing":
                self.is_ended = True
        if cursor:
            assert self.cursor is None or cursor > self.cursor, "the cursor fell"
            self.cursor = cursor
