"""What CONTRACT promises of one task's stream, and a client that holds the server to it."""

import asyncio
import json
from itertools import pairwise
from uuid import UUID

from app.streams.cursor import ENDING, Cursor
from app.streams.hub import Hub
from app.streams.log import Entry
from app.streams.wire import SSE
from app.streams.writer import LogWriter
from tests.streams.memory import Client


class Truth:
    """Every record that any attempt ever numbered: an id means the same bytes for ever, whoever sends them."""

    def __init__(self, task: UUID) -> None:
        self.task = task
        self.attempts: dict[int, LogWriter] = {}
        self.is_deleted = False
        self.known: list[tuple[Cursor, str]] = []  # cursors that clients were given, with the text they have then
        self._endings: dict[int, str] = {}

    def keep(self, writer: LogWriter) -> None:
        assert writer.attempt not in self.attempts, "two workers have the same attempt"
        self.attempts[writer.attempt] = writer

    def text_at(self, cursor: Cursor) -> str:
        """The text that a cursor stands for."""
        if not cursor.seq:
            return ""
        records = self.attempts[cursor.attempt].records
        assert cursor.seq <= len(records), f"nobody wrote {cursor}"
        events = [json.loads(record.data) for record in records[: cursor.seq]]
        return "".join(event["text"] for event in events if event["type"] == "token")

    def check(self, cursor: Cursor, kind: str, data: str) -> None:
        """Whether the entry is what was written, and the ending what everybody else was told."""
        if cursor.is_ending:
            assert kind == "task_finished"
            assert self._endings.setdefault(cursor.attempt, data) == data, "two endings"
            assert len(self._endings) == 1, "endings of two attempts"
        else:
            record = self.attempts[cursor.attempt].records[cursor.seq - 1]
            assert (record.type, record.data.decode()) == (kind, data), f"other bytes at {cursor}"

    def check_log(self, entries: list[Entry]) -> None:
        for before, after in pairwise([Cursor(0, 0), *(entry.cursor for entry in entries)]):
            assert after.is_ending or after.follows(before), f"a hole before {after}"
        for cursor, record in entries:
            if record.type != "tombstone":
                self.check(cursor, record.type, record.data.decode())


class Cut(Exception):  # noqa: N818 - an event, not an error
    """The client's connection broke between two events."""


class Watcher(Client):
    """One tab: it reconnects with its cursor, and judges all that it gets by the model."""

    def __init__(self, truth: Truth, *, expects_loss: bool = False) -> None:
        super().__init__()
        self.truth = truth
        self.is_over = False  # an ending, a 204 or a 404: it never comes back
        self.events_to_cut = 0
        self._expects_loss = expects_loss
        self._was_reset = False
        self._is_new = True
        self._following: asyncio.Task[None] | None = None

    @property
    def is_connected(self) -> bool:
        return self._following is not None and not self._following.done()

    def connect(self, hub: Hub, row: Cursor | None) -> None:
        """Opens the stream, unless the route would answer 404 or 204."""
        self.check()
        if self.is_connected or self.is_over:
            return
        if row is None or (row.is_ending and self.cursor == row):
            assert row or self.truth.is_deleted
            self.is_over = True
            return
        self._is_new, self._was_reset = self.cursor is None, False
        self._following = asyncio.create_task(self._follow(hub))

    async def drop(self) -> None:
        if self._following:
            self._following.cancel()
            await asyncio.wait({self._following})
        self.check()

    def check(self) -> None:
        """Raises what this client has found wrong."""
        if self._following and self._following.done() and not self._following.cancelled():
            self._following.result()

    async def _follow(self, hub: Hub) -> None:
        try:
            async with hub.reader(self.truth.task, self.cursor, SSE) as reader:
                while frames := await reader.take():
                    self.take(frames)
            assert self.is_ended or self.types[-1] == "retry", f"it ended without a word after {self.types}"
        except Cut:
            return

    def _event(self, fields: dict[str, str]) -> None:
        event, cursor = json.loads(fields["data"]), Cursor.parse(fields.get("id"))
        kind, before = event["type"], self.cursor
        assert not self._is_new or kind in {"snapshot", "task_missing", "heartbeat"}, "no snapshot first"
        assert (cursor is None) == (kind in {"heartbeat", "reset", "task_missing"})
        super()._event(fields)
        self._is_new = self._is_new and kind == "heartbeat"

        if kind == "reset":
            assert self._expects_loss == (event["reason"] == "log_lost"), event
            self._was_reset, self._expects_loss = True, False
        elif kind == "task_missing":
            assert self.truth.is_deleted
            assert UUID(event["task_id"]) == self.truth.task
        elif cursor:
            self._place(kind, before, cursor, fields["data"])
        self.is_over = self.is_ended
        if self.events_to_cut:
            self.events_to_cut -= 1
            if not self.events_to_cut:
                raise Cut

    def _place(self, kind: str, before: Cursor | None, cursor: Cursor, data: str) -> None:
        if before and before.attempt != cursor.attempt:
            assert self._was_reset, f"from {before} to {cursor} without a reset"
        self._was_reset = False
        if kind != "snapshot":
            self.truth.check(cursor, kind, data)
        elif cursor.seq != ENDING - 1:  # else its text is the row's, to which every client is held in the end
            assert self.text == self.truth.text_at(cursor), f"a wrong text at {cursor}"
        self.truth.known.append((cursor, self.text))
