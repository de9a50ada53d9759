"""The writing side of the log, where the log is gone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID, uuid4

from redis.asyncio import Redis

from app.settings import StreamSettings
from app.streams.cursor import Cursor
from app.streams.log import EventLog, key_of
from app.streams.writer import Flusher
from tests.streams.memory import token


@asynccontextmanager
async def flusher_of(log: EventLog, *, confirmed: bool) -> AsyncIterator[Flusher]:
    async def confirm(_document: UUID, _attempt: int) -> bool:
        return confirmed

    flusher = Flusher(log, StreamSettings(), confirm)
    running = asyncio.create_task(flusher.run())
    yield flusher
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_log_that_is_gone_does_not_come_back_for_an_attempt_that_is_over(valkey: Redis) -> None:
    log, document, fenced = EventLog(valkey, timedelta(minutes=1)), uuid4(), asyncio.Event()
    async with flusher_of(log, confirmed=False) as flusher:
        writer = flusher.open(document, 1, fenced.set)
        flusher.write(writer, token(0, "a"))
        assert await flusher.flushed(writer, 1, within=5)

        await valkey.delete(key_of(document))
        flusher.write(writer, token(1, "b"))
        async with asyncio.timeout(5):
            await fenced.wait()

    assert await log.after(document, Cursor(0, 0), 10) == []


async def test_a_log_that_is_gone_comes_back_whole_for_an_attempt_that_still_runs(valkey: Redis) -> None:
    log, document = EventLog(valkey, timedelta(minutes=1)), uuid4()
    async with flusher_of(log, confirmed=True) as flusher:
        writer = flusher.open(document, 1, lambda: None)
        flusher.write(writer, token(0, "a"))
        assert await flusher.flushed(writer, 1, within=5)

        await valkey.delete(key_of(document))
        flusher.write(writer, token(1, "b"))
        assert await flusher.flushed(writer, 2, within=5)

    assert [entry.cursor for entry in await log.after(document, Cursor(0, 0), 10)] == [Cursor(1, 1), Cursor(1, 2)]
