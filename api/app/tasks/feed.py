"""Every statement that changes a task's status or attempt also writes the feed, so that no crash can part the two."""

from collections.abc import Collection
from itertools import groupby
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import text

from app.core.db import Database
from app.streams.feeds import Change, Page, Place
from app.tasks.events import FeedEvent, FeedReset

_EVENT: TypeAdapter[FeedEvent] = TypeAdapter(FeedEvent)

_AFTER = text("""
    SELECT place.owner_id, place.at, coalesce(head.seq, 0) AS head,
        change.seq, change.type, change.task_id, change.status, change.attempt
    FROM unnest(CAST(:owners AS uuid[]), CAST(:ats AS bigint[])) AS place (owner_id, at)
    LEFT JOIN feed_heads head ON head.user_id = place.owner_id
    LEFT JOIN LATERAL (
        SELECT * FROM feed WHERE feed.user_id = place.owner_id AND feed.seq > place.at ORDER BY feed.seq LIMIT :limit
    ) AS change ON true
    WHERE coalesce(head.seq, 0) <> place.at
    ORDER BY place.owner_id, place.at, change.seq
""")


def with_feed(changed: str, event: str) -> str:
    """One statement: `changed` (SQL that returns `tasks.*`), and for each such task a feed row of type `event` (SQL).

    A user's numbers come from a row that is locked until the commit, so they are dense and in the order of the commits;
    a sequence would let a reader see 8 before 7 is there. Several users' rows are locked in order of their ids.
    """
    return f"""
    WITH changed AS ({changed}),
    heads AS (
        INSERT INTO feed_heads AS head (user_id, seq)
        SELECT owner_id, count(*) FROM changed GROUP BY owner_id ORDER BY owner_id
        ON CONFLICT (user_id) DO UPDATE SET seq = head.seq + excluded.seq
        RETURNING user_id, seq
    ),
    written AS (
        INSERT INTO feed (user_id, seq, task_id, type, status, attempt)
        SELECT owner_id, heads.seq - row_number() OVER (PARTITION BY owner_id ORDER BY changed.id DESC) + 1,
            changed.id, {event}, changed.status, changed.attempt
        FROM changed JOIN heads ON heads.user_id = changed.owner_id
    )
    SELECT * FROM changed
    """


class FeedRows:
    """The feed as hubs read it: one statement, so that head and rows are of one moment."""

    reset = FeedReset().model_dump_json().encode()

    def __init__(self, db: Database) -> None:
        self._db = db

    async def after(self, places: Collection[Place], limit: int) -> dict[Place, Page]:
        owners, ats = zip(*places, strict=True)
        async with self._db.autocommit() as connection:
            rows = await connection.execute(_AFTER, {"owners": list(owners), "ats": list(ats), "limit": limit})
        pages = {}
        for place, group in groupby(rows, lambda row: (row.owner_id, row.at)):
            changes = list(group)
            pages[place] = Page(changes[0].head, [_change(row) for row in changes if row.seq is not None])
        return pages


def _change(row: Any) -> Change:
    return Change(row.seq, _EVENT.validate_python(row, from_attributes=True).model_dump_json().encode())
