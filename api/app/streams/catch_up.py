"""How a reader that is not simply at the next entry gets to the present: a short replay, or a snapshot."""

from typing import NamedTuple
from uuid import UUID

from app.streams.cursor import ENDING, Cursor
from app.streams.events import LOG_LOST, NEW_ATTEMPT
from app.streams.log import Entry, EventLog, Record
from app.streams.source import Source


class Step(NamedTuple):
    """An event to send, and the client's place after it (None: it does not move)."""

    cursor: Cursor | None
    record: Record


class CatchUp(NamedTuple):
    """The events that bring a reader to the present; `ended` says that the last one was the stream's end."""

    steps: list[Step]
    ended: bool = False


async def catch_up(
    log: EventLog | None, source: Source, document: UUID, cursor: Cursor | None, *, replay_limit: int
) -> CatchUp:
    """Brings a reader at `cursor` (None: nowhere yet) to the present, by the log where it can and by the row always.

    Without a log (None: the store is away) the row alone answers. No steps and no end mean: wait, a repair,
    a new attempt or an ending follows.
    """
    steps: list[Step] = []
    if cursor is not None:
        row = (await source.cursors([document])).get(document)
        if row is None:
            return CatchUp([Step(None, source.missing(document))], ended=True)
        if _is_beyond(cursor, row):
            steps.append(Step(None, LOG_LOST))
            cursor = None
        else:
            tail = await log.after(document, cursor, replay_limit + 1) if log else []
            replay = _replay(tail, cursor)
            if replay is not None and len(tail) <= replay_limit:
                at = tail[-1].cursor if tail else cursor
                if at >= row:
                    return CatchUp(replay, ended=at.is_ending)
    return await _snapshot(log, source, document, cursor, steps)


def _is_beyond(cursor: Cursor, row: Cursor) -> bool:
    """Whether the client knows of something that the row has not reached: the database was restored."""
    if cursor.attempt != row.attempt:
        return cursor.attempt > row.attempt
    return cursor.seq >= ENDING - 1 and not row.is_ending


def _replay(tail: list[Entry], cursor: Cursor) -> list[Step] | None:
    """The entries as steps, or None where they do not follow each other from `cursor` on."""
    steps = []
    for entry in tail:
        if entry.cursor.is_ending and entry.cursor.attempt == cursor.attempt:
            if entry.record.after != cursor.seq:
                return None
        elif not entry.cursor.follows(cursor):
            return None
        if entry.cursor.attempt != cursor.attempt:
            steps.append(Step(None, NEW_ATTEMPT))
        steps.append(Step(entry.cursor, entry.record))
        cursor = entry.cursor
    return steps


async def _snapshot(
    log: EventLog | None, source: Source, document: UUID, cursor: Cursor | None, steps: list[Step]
) -> CatchUp:
    row = await source.load(document)
    if row is None:
        return CatchUp([*steps, Step(None, source.missing(document))], ended=True)
    if cursor is not None and cursor.attempt != row.cursor.attempt:
        steps.append(Step(None, NEW_ATTEMPT))

    if row.cursor.is_ending:
        before = Cursor(row.cursor.attempt, ENDING - 1)
        if cursor != before:
            steps.append(Step(before, row.snapshot()))
        return CatchUp([*steps, Step(row.cursor, row.ending())], ended=True)

    if log:
        async for entry in log.all_after(document, row.cursor):
            if entry.cursor != (row.cursor.attempt, row.cursor.seq + 1):
                break
            row.fold(entry)
    if cursor is not None and row.cursor <= cursor:
        return CatchUp(steps)  # ahead of row and log: what was lost comes again
    return CatchUp([*steps, Step(row.cursor, row.snapshot())])
