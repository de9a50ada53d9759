"""The feeds: numbered changes that live in rows. One look a process serves all its readers.

The store only wakes: a reader is given what follows its place, so that nothing depends on a ring that was heard.
"""

import asyncio
import re
from collections.abc import Collection, Mapping
from functools import partial
from time import monotonic
from typing import NamedTuple, Protocol
from uuid import UUID

import structlog

from app.core.aio import heed_cancel, wait_until
from app.streams.bell import rung_for
from app.streams.connection import Connection
from app.streams.topics import Subscription
from app.streams.wire import TopicMessages, subscribed

log = structlog.get_logger(__name__)

_EVERY = 2.0
_WITHIN = 2.0
_PAGE = 200
_GATHER = 0.02  # what is rung for meanwhile is looked at together
_STALLED_FOR = 0.05
_BEYOND = 2**63 - 1
_CURSOR = re.compile(r"0|[1-9][0-9]{0,17}")


class Change(NamedTuple):
    """One row: its number, and its event as JSON."""

    seq: int
    event: bytes


class Page(NamedTuple):
    """What follows a place: the number of the owner's last row, and the first rows after the place."""

    head: int
    changes: list[Change]


Place = tuple[UUID, int]


class FeedSource(Protocol):
    """The rows, numbered densely for each owner in the order of their commits."""

    reset: bytes
    """The event that says that changes may be missing."""

    async def after(self, places: Collection[Place], limit: int) -> Mapping[Place, Page]:
        """In one query what follows each place; a place at which its owner's feed stands is left out."""


class FeedReader:
    """One subscription's place in its owner's feed."""

    __slots__ = ("at", "connection", "owner", "wire")

    def __init__(self, owner: UUID, at: int, wire: TopicMessages, connection: Connection) -> None:
        self.owner = owner
        self.at = at
        self.wire = wire
        self.connection = connection


class Feeds:
    """Serves the feed's readers; as topics it has one, without a name."""

    def __init__(self, source: FeedSource) -> None:
        self._source = source
        self._readers: dict[UUID, set[FeedReader]] = {}
        self._woken: set[UUID] = set()
        self._stalled: set[UUID] = set()
        self._wake = asyncio.Event()

    async def subscribe(self, subscription: Subscription, _name: str) -> None:
        """From the cursor on; from now on where there is none; from now on after a reset where it can't be followed."""
        owner, connection = subscription.caller.user_id, subscription.connection
        at = _parse(subscription.cursor)
        page = (await self._source.after([(owner, at)], _PAGE)).get((owner, at)) or Page(at, [])
        wire = TopicMessages(subscription.topic)
        reader = FeedReader(owner, at, wire, connection)
        is_news = _follows(page, at) or subscription.cursor is not None  # without a cursor it starts now
        start = str(at if _follows(page, at) else page.head)
        frames = self._frames(reader, page) if is_news else b""
        connection.push(subscribed(subscription.topic, start) + frames, is_large=bool(page.changes))
        reader.at = _end(page, at)
        self._readers.setdefault(owner, set()).add(reader)
        subscription.stop = partial(self._remove, reader)
        subscription.begin()
        self._wake_for({owner})  # for what the page did not hold

    def heard(self, fields: Mapping[bytes, bytes]) -> None:
        """A ring: the rows of some owners changed."""
        self._wake_for(rung_for(fields))

    async def run(self) -> None:
        """Looks until it is cancelled. It handles every outage itself: an exception is a defect."""
        look_at = monotonic()
        while True:
            heed_cancel()
            pause = max(0.0, look_at - monotonic())
            await wait_until(self._wake, min(pause, _STALLED_FOR) if self._stalled else pause)
            self._wake.clear()
            if monotonic() >= look_at:
                owners, look_at = set(self._readers), monotonic() + _EVERY
            else:
                owners = self._woken | self._stalled
            self._woken, self._stalled = set(), set()
            try:
                await self._look(owners)
            except Exception as error:  # whatever it is, nothing is lost: every reader keeps its place
                log.warning("the feed can't be read", error=str(error) or type(error).__name__)
                look_at = monotonic() + _EVERY / 4
            await asyncio.sleep(_GATHER)

    async def _look(self, owners: Collection[UUID]) -> None:
        """Brings the owners' readers forward, but for those whose client is to read first."""
        places: dict[Place, list[FeedReader]] = {}
        for owner in owners:
            for reader in self._readers.get(owner, ()):
                if reader.connection.has_room:
                    places.setdefault((owner, reader.at), []).append(reader)
                else:
                    self._stalled.add(owner)
        if places:
            async with asyncio.timeout(_WITHIN):
                pages = await self._source.after(places, _PAGE)
            for place, page in pages.items():
                self._deliver(places[place], page)

    def _deliver(self, readers: list[FeedReader], page: Page) -> None:
        owner, at = readers[0].owner, readers[0].at
        frames = self._frames(readers[0], page)  # the same for all: a user has one feed topic
        for reader in readers:
            if reader not in self._readers.get(owner, ()):
                continue
            if reader.connection.has_room:
                reader.connection.push(frames, is_large=True)
                reader.at = _end(page, at)
            else:
                self._stalled.add(owner)
        if _end(page, at) < page.head:
            self._wake_for({owner})

    def _frames(self, reader: FeedReader, page: Page) -> bytes:
        if not _follows(page, reader.at):
            return reader.wire.at(str(page.head), self._source.reset)
        return b"".join([reader.wire.at(str(change.seq), change.event) for change in page.changes])

    def _wake_for(self, owners: set[UUID]) -> None:
        if here := owners & self._readers.keys():
            self._woken |= here
            self._wake.set()

    def _remove(self, reader: FeedReader) -> None:
        if readers := self._readers.get(reader.owner):
            readers.discard(reader)
            if not readers:
                del self._readers[reader.owner]


def _follows(page: Page, at: int) -> bool:
    """Whether the page goes on at `at` without a hole."""
    if not page.changes:
        return page.head == at
    return [change.seq for change in page.changes] == list(range(at + 1, at + 1 + len(page.changes)))


def _end(page: Page, at: int) -> int:
    return page.changes[-1].seq if page.changes and _follows(page, at) else page.head


def _parse(cursor: str | None) -> int:
    """The number; garbage is beyond every head, as no cursor is."""
    return int(cursor) if cursor is not None and _CURSOR.fullmatch(cursor) else _BEYOND
