"""The feeds over rows in memory: whatever the rows or a client do, each reader gets its rows once and in order."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection
from uuid import UUID, uuid4

import pytest

from app.core.caller import Caller
from app.streams.connection import Connection
from app.streams.feeds import Change, Feeds, Page, Place
from app.streams.topics import Subscription
from app.streams.wire import MESSAGES


class Rows:
    """Every owner's rows, and how they were asked for."""

    reset = b'{"type":"feed_reset"}'

    def __init__(self) -> None:
        self.heads: dict[UUID, int] = {}
        self.questions: list[set[Place]] = []
        self.asked = asyncio.Event()
        self.is_away = False

    async def is_asked(self, times: int) -> None:
        """Waits until it was asked so many times more."""
        async with asyncio.timeout(10):
            for _ in range(times):
                self.asked.clear()
                await self.asked.wait()

    async def after(self, places: Collection[Place], limit: int) -> dict[Place, Page]:
        self.questions.append(set(places))
        self.asked.set()
        if self.is_away:
            raise ConnectionError("away")
        pages = {}
        for owner, at in places:
            head = self.heads.get(owner, 0)
            if head != at:
                seqs = range(at + 1, min(head, at + limit) + 1)
                pages[owner, at] = Page(head, [Change(seq, b'{"type":"feed_updated"}') for seq in seqs])
        return pages


class Reader:
    """A subscription and the cursors it got."""

    def __init__(self, feeds: Feeds, owner: UUID | None = None, limit: int = 100_000) -> None:
        self.owner = owner or uuid4()
        self.connection = Connection(MESSAGES, limit)
        self.seqs: list[int] = []
        self._feeds = feeds

    async def subscribe(self, cursor: str | None = None) -> "Reader":
        caller = Caller(self.owner, uuid4(), "user")
        await self._feeds.subscribe(Subscription("feed", cursor, caller, self.connection), "")
        return self

    async def until(self, seq: int) -> None:
        async with asyncio.timeout(10):
            while not self.seqs or self.seqs[-1] < seq:
                for line in (await self.connection.take()).splitlines():
                    message = json.loads(line)
                    if message["type"] == "event":
                        self.seqs.append(int(message["cursor"]))


@pytest.fixture
def rows() -> Rows:
    return Rows()


@pytest.fixture
async def feeds(rows: Rows) -> AsyncIterator[Feeds]:
    feeds = Feeds(rows)
    running = asyncio.create_task(feeds.run())
    yield feeds
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def ring(feeds: Feeds, *readers: Reader) -> None:
    feeds.heard({b"o": b"".join(reader.owner.bytes for reader in readers)})


async def test_while_the_rows_are_away_the_feed_waits_and_loses_nothing(feeds: Feeds, rows: Rows) -> None:
    reader = await Reader(feeds).subscribe()
    rows.is_away = True
    rows.heads[reader.owner] = 3
    ring(feeds, reader)
    await rows.is_asked(3)
    rows.is_away = False
    await reader.until(3)

    assert reader.seqs == [1, 2, 3]


async def test_all_who_are_behind_are_asked_for_at_once(feeds: Feeds, rows: Rows) -> None:
    readers = [await Reader(feeds).subscribe() for _ in range(50)]
    for reader in readers:
        rows.heads[reader.owner] = 2
    rows.questions.clear()
    ring(feeds, *readers)
    for reader in readers:
        await reader.until(2)

    assert {(reader.owner, 0) for reader in readers} in rows.questions
    assert all(reader.seqs == [1, 2] for reader in readers)
    assert len(rows.questions) <= 3, "one for all of them, and the look of every 2 s"


async def test_a_ring_asks_only_for_those_it_rings_for(feeds: Feeds, rows: Rows) -> None:
    rung, _ = [await Reader(feeds).subscribe() for _ in range(2)]
    await rows.is_asked(1)  # the first look at all
    rows.questions.clear()
    rows.heads[rung.owner] = 1
    ring(feeds, rung)
    await rung.until(1)

    assert {(rung.owner, 0)} in rows.questions


async def test_a_client_that_doesn_t_read_gets_it_later_and_holds_nobody_up(feeds: Feeds, rows: Rows) -> None:
    owner = uuid4()
    slow = await Reader(feeds, owner, limit=4_096).subscribe()
    quick = await Reader(feeds, owner).subscribe()
    for head in range(100, 3_100, 100):  # far more than may wait for the slow one
        rows.heads[owner] = head
        ring(feeds, quick)
        await quick.until(head)
    await slow.until(3_000)

    assert slow.connection.closed is None
    assert slow.seqs == quick.seqs == list(range(1, 3_001))


async def test_who_left_gets_nothing_and_is_not_asked_for(feeds: Feeds, rows: Rows) -> None:
    reader, witness = Reader(feeds), await Reader(feeds).subscribe()
    caller = Caller(reader.owner, uuid4(), "user")
    subscription = Subscription("feed", None, caller, reader.connection)
    await feeds.subscribe(subscription, "")
    subscription.stop()
    subscription.stop()
    rows.questions.clear()
    rows.heads[reader.owner] = rows.heads[witness.owner] = 1
    ring(feeds, reader, witness)
    await witness.until(1)

    assert all(owner == witness.owner for question in rows.questions for owner, _ in question)


async def test_a_long_way_back_is_read_page_after_page_at_once(feeds: Feeds, rows: Rows) -> None:
    reader = Reader(feeds)
    rows.heads[reader.owner] = 4_000
    await reader.subscribe("0")
    await reader.until(4_000)  # with a page every 2 s it would take 40

    assert reader.seqs == list(range(1, 4_001))
