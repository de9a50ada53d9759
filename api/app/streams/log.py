"""The event log: one Valkey stream a document, whose entry ids are ours and whose bytes never change."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from enum import StrEnum
from hashlib import sha1
from importlib.resources import files
from typing import Any, NamedTuple, cast
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import NoScriptError

from app.project import SLUG
from app.streams.cursor import TOMBSTONE, Cursor

_APPEND = files(__package__).joinpath("append.lua").read_text()
_PAGE = 1_000


class Verdict(StrEnum):
    """What the log answered to an append."""

    OK = "ok"
    DUPLICATE = "duplicate"
    GAP = "gap"
    FENCED = "fenced"


class Answer(NamedTuple):
    """The verdict and where the log stands after it."""

    verdict: Verdict
    at: Cursor


class Record(NamedTuple):
    """What an entry holds: the event's type, its JSON, and, for an ending, the `seq` it directly follows."""

    type: str
    data: bytes
    after: int | None = None


class Entry(NamedTuple):
    """A record with its place."""

    cursor: Cursor
    record: Record


def key_of(document: UUID) -> str:
    return f"{SLUG}:log:{document}"


class Append(NamedTuple):
    """A batch of one attempt: `records` become its entries `first`, `first` + 1, … unless they are there.

    `may_create` says that the row has just confirmed the attempt: only then does a missing log come back.
    """

    document: UUID
    attempt: int
    first: int
    records: Sequence[Record]
    may_create: bool = False


class EventLog:
    """Reads and appends; every append is one script, so that a reader never sees half of its rules."""

    def __init__(self, redis: Redis, ttl: timedelta) -> None:
        self._redis = redis
        self._ttl = int(ttl.total_seconds())
        self._sha = sha1(_APPEND.encode(), usedforsecurity=False).hexdigest()

    async def append(self, *appends: Append) -> list[Answer]:
        """Appends for any number of documents in one round trip. Raises RedisError; repeating it is safe."""
        try:
            return await self._append(appends)
        except NoScriptError:  # the store was restarted or flushed
            await self._redis.script_load(_APPEND)
            return await self._append(appends)

    async def _append(self, appends: Sequence[Append]) -> list[Answer]:
        # one call: else a hub's blocking read ends after the first document, and the others wait for its next one
        args: list[int | str | bytes] = [self._ttl]
        for _, attempt, first, records, may_create in appends:
            args += [attempt, first, int(may_create), len(records)]
            for record in records:
                args += [record.type, record.data, "" if record.after is None else record.after]
        keys = [key_of(append.document) for append in appends]
        evalsha: Any = self._redis.evalsha  # its types know no bytes
        answers = await evalsha(self._sha, len(keys), *keys, *args)
        return [Answer(Verdict(verdict.decode()), Cursor(*at)) for verdict, *at in answers]

    async def end(self, document: UUID, cursor: Cursor, record: Record) -> None:
        """Appends the ending at `cursor`, whose terminal UPDATE the caller has seen."""
        await self.append(Append(document, cursor.attempt, cursor.seq, [record], may_create=True))

    async def bury(self, document: UUID) -> None:
        """Appends the tombstone, above every attempt: whoever still writes is fenced."""
        await self.append(Append(document, *TOMBSTONE, [Record("tombstone", b"{}")], may_create=True))

    async def forget(self, documents: Sequence[UUID], *, bury: bool = False) -> None:
        """Takes everything that was written away; with `bury` whoever still watches or writes meets a tombstone."""
        for at in range(0, len(documents), _PAGE):
            page = documents[at : at + _PAGE]
            if not bury:
                await self._redis.unlink(*map(key_of, page))
                continue
            tombstone = [Record("tombstone", b"{}")]
            await self.append(*(Append(document, *TOMBSTONE, tombstone, may_create=True) for document in page))
            pipeline = self._redis.pipeline(transaction=False)
            for document in page:
                pipeline.execute_command("XTRIM", key_of(document), "MAXLEN", 1)
            await pipeline.execute()

    async def after(self, document: UUID, cursor: Cursor, limit: int) -> list[Entry]:
        """The first `limit` entries after `cursor`."""
        return entries(await self._redis.xrange(key_of(document), min=f"({cursor}", count=limit))

    async def all_after(self, document: UUID, cursor: Cursor) -> AsyncIterator[Entry]:
        """Every entry after `cursor`, read in pages."""
        while page := await self.after(document, cursor, _PAGE):
            for entry in page:
                yield entry
            cursor = page[-1].cursor


def entries(reply: object) -> list[Entry]:
    """A stream's part of an XRANGE or XREAD reply, parsed. The type is the first field's name: fewer cost less."""
    parsed = []
    for raw_id, fields in cast("list[tuple[bytes, dict[bytes, bytes]]]", reply):
        attempt, _, seq = raw_id.partition(b"-")
        kind, data = next(iter(fields.items()))
        after = fields.get(b"after")
        record = Record(kind.decode(), data, int(after) if after else None)
        parsed.append(Entry(Cursor(int(attempt), int(seq)), record))
    return parsed
