"""The writing side of the log: numbers an attempt's records, and repeats them until the store has them."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from uuid import UUID

import structlog
from redis.exceptions import RedisError

from app.core.aio import heed_cancel, wait_until
from app.settings import StreamSettings
from app.streams.cursor import ENDING, Cursor
from app.streams.log import Answer, Append, EventLog, Record, Verdict

log = structlog.get_logger(__name__)

_SILENCE = 2.0
_ENDING_TRIES_FOR = 10.0


class LogWriter:
    """One attempt's records. They are kept until the end, so that a store that lost its tail gets it again."""

    def __init__(self, document: UUID, attempt: int, on_fenced: Callable[[], object]) -> None:
        self.document = document
        self.attempt = attempt
        self.records: list[Record] = []
        self.confirmed = 0  # how many of them the store has
        self.may_create = True  # the claim has just confirmed the attempt
        self.ending: Record | None = None
        self.give_up_at = float("inf")
        self.appended_at = monotonic()
        self.on_fenced = on_fenced
        self.progress = asyncio.Event()

    @property
    def last(self) -> Cursor:
        """The cursor of the newest record, in the store or not yet."""
        return Cursor(self.attempt, len(self.records))

    def next_append(self) -> Append:
        if self.ending and self.confirmed == len(self.records):
            return Append(self.document, self.attempt, ENDING, [self.ending], may_create=True)
        records = self.records[self.confirmed :]
        return Append(self.document, self.attempt, self.confirmed + 1, records, self.may_create)


class Flusher:
    """Appends for all attempts of a process, one round trip every few milliseconds.

    `confirm` asks the row whether an attempt still runs: only then is a log that is gone created again.
    """

    def __init__(
        self, event_log: EventLog, settings: StreamSettings, confirm: Callable[[UUID, int], Awaitable[bool]]
    ) -> None:
        self._log = event_log
        self._interval = settings.flush_interval.total_seconds()
        self._confirm = confirm
        self._writers: set[LogWriter] = set()
        self._dirty = asyncio.Event()

    def open(self, document: UUID, attempt: int, on_fenced: Callable[[], object]) -> LogWriter:
        """A writer for a claimed attempt; `on_fenced` is called once when the log belongs to somebody else."""
        writer = LogWriter(document, attempt, on_fenced)
        self._writers.add(writer)
        return writer

    def write(self, writer: LogWriter, record: Record) -> Cursor:
        """Numbers the record; from now on its cursor means these bytes."""
        writer.records.append(record)
        self._dirty.set()
        return writer.last

    def end(self, writer: LogWriter, ending: Record) -> None:
        """Appends the ending after everything else, for as long as that can still help a reader."""
        writer.ending = ending
        writer.give_up_at = monotonic() + _ENDING_TRIES_FOR
        self._dirty.set()

    def drop(self, writer: LogWriter) -> None:
        """Forgets a writer whose attempt is not ours any more."""
        self._writers.discard(writer)

    async def flushed(self, writer: LogWriter, seq: int, within: float) -> bool:
        """Waits until the store has the entry `seq`, `within` seconds at most."""
        try:
            async with asyncio.timeout(within):
                while writer.confirmed < seq and writer in self._writers:
                    writer.progress.clear()
                    await writer.progress.wait()
        except TimeoutError:
            return False
        return writer.confirmed >= seq

    async def run(self) -> None:
        """Flushes until it is cancelled."""
        pause = self._interval
        while True:
            heed_cancel()
            await wait_until(self._dirty, _SILENCE / 2)
            self._dirty.clear()
            try:
                await self._flush()
                pause = self._interval
            except (RedisError, OSError) as error:
                pause = min(max(2 * pause, 0.1), 1.0)
                self._dirty.set()
                log.warning("valkey is away", error=str(error) or type(error).__name__)
            await asyncio.sleep(pause)

    async def _flush(self) -> None:
        now = monotonic()
        for writer in [writer for writer in self._writers if writer.give_up_at < now]:
            self.drop(writer)
        due = [
            writer
            for writer in self._writers
            # an empty append after a silence finds a lost tail and renews the log's life
            if writer.confirmed < len(writer.records) or writer.ending or now - writer.appended_at >= _SILENCE
        ]
        if not due:
            return
        answers = await self._log.append(*(writer.next_append() for writer in due))
        for writer, answer in zip(due, answers, strict=True):
            await self._take(writer, answer)

    async def _take(self, writer: LogWriter, answer: Answer) -> None:
        writer.appended_at = monotonic()
        verdict, at = answer
        if verdict is Verdict.GAP:
            writer.confirmed = at.seq
            self._dirty.set()
            if at.seq == 0:
                await self._create_again(writer)
        elif verdict is Verdict.FENCED or at.is_ending:
            self._fence(writer)
        else:
            writer.confirmed = at.seq
            writer.may_create = False
            if writer.ending:
                self._dirty.set()
        writer.progress.set()

    async def _create_again(self, writer: LogWriter) -> None:
        if writer.ending:
            writer.confirmed = len(writer.records)  # the row has the text: the ending alone is enough
            return
        try:
            writer.may_create = await self._confirm(writer.document, writer.attempt)
        except Exception as error:
            log.warning("the row can't confirm its attempt", error=repr(error))
            return
        if not writer.may_create:
            self._fence(writer)

    def _fence(self, writer: LogWriter) -> None:
        self.drop(writer)
        if not writer.ending:
            writer.on_fenced()
