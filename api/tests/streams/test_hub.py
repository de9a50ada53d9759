"""The hub and its readers over the real log: whatever is lost, a reader gets the text, in order, once."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis

from app.settings import StreamSettings
from app.streams.connection import Close
from app.streams.cursor import ENDING, Cursor
from app.streams.hub import Hub
from app.streams.log import Append, EventLog, Record, key_of
from app.streams.wire import SSE
from tests.streams.memory import Client, MemorySource, token

ENDED = {"task_finished", "task_missing"}


@pytest.fixture
def stream_settings() -> StreamSettings:
    return StreamSettings(row_check=timedelta(milliseconds=200), heartbeat=timedelta(milliseconds=300))


@pytest.fixture
def source() -> MemorySource:
    return MemorySource()


@pytest.fixture
async def hub(valkey: Redis, source: MemorySource, stream_settings: StreamSettings) -> AsyncIterator[Hub]:
    hub = Hub(valkey, valkey, source, stream_settings)
    running = asyncio.create_task(hub.run())
    yield hub
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


class Task:
    """A document whose worker the test plays."""

    def __init__(self, valkey: Redis, source: MemorySource) -> None:
        self.id: UUID = uuid4()
        self.log = EventLog(valkey, timedelta(minutes=1))
        self.source = source
        self.attempt, self.seq, self.text = 1, 0, ""
        self.row()

    def row(self) -> None:
        """Checkpoints."""
        self.source.rows[self.id] = (Cursor(self.attempt, self.seq), self.text)

    async def write(self, *texts: str) -> None:
        """Appends one token a text."""
        records = []
        for text in texts:
            records.append(token(len(self.text), text))
            self.text += text
        await self.log.append(Append(self.id, self.attempt, self.seq + 1, records, may_create=True))
        self.seq += len(texts)

    def start_over(self) -> None:
        self.attempt, self.seq, self.text = self.attempt + 1, 0, ""
        self.row()

    def finish_row(self) -> None:
        self.source.rows[self.id] = (Cursor(self.attempt, ENDING), self.text)

    async def finish(self, *, after: int | None = -1) -> None:
        self.finish_row()
        ending = b'{"type": "task_finished", "length": %d}' % len(self.text)
        record = Record("task_finished", ending, self.seq if after == -1 else after)
        await self.log.end(self.id, Cursor(self.attempt, ENDING), record)


@pytest.fixture
def task(valkey: Redis, source: MemorySource) -> Task:
    return Task(valkey, source)


@pytest.fixture
def client() -> Client:
    return Client()


async def test_a_new_reader_gets_a_snapshot_then_tokens_then_the_ending(hub: Hub, task: Task, client: Client) -> None:
    await task.write("one ", "two ")

    async with hub.reader(task.id, None, SSE) as reader:
        await client.read_until(reader, types={"snapshot"})
        await task.write("three ")
        await client.read_until(reader, types={"token"})
        await task.finish()
        await client.read_until(reader, types=ENDED)

    assert client.types == ["snapshot", "token", "task_finished"]
    assert client.text == "one two three "
    assert client.cursor == Cursor(1, ENDING)


async def test_a_cursor_is_resumed_strictly_after_it(hub: Hub, task: Task, client: Client) -> None:
    await task.write("a", "b", "c")
    client.text, client.cursor = "a", Cursor(1, 1)

    async with hub.reader(task.id, Cursor(1, 1), SSE) as reader:
        await client.read_until(reader, length=3)

    assert client.types == ["token", "token"]


async def test_more_than_twenty_missed_events_are_one_snapshot(hub: Hub, task: Task, client: Client) -> None:
    await task.write(*"abcdefghijklmnopqrstuvwxyz")
    client.text, client.cursor = "a", Cursor(1, 1)

    async with hub.reader(task.id, Cursor(1, 1), SSE) as reader:
        await client.read_until(reader, length=26)

    assert client.types == ["snapshot"]


async def test_another_attempt_begins_with_a_reset(hub: Hub, task: Task, client: Client) -> None:
    await task.write("wrong")

    async with hub.reader(task.id, None, SSE) as reader:
        await client.read_until(reader, length=5)
        task.start_over()
        await task.write("ri", "ght")
        await task.finish()
        await client.read_until(reader, types=ENDED)

    assert "reset" in client.types
    assert client.text == "right"


async def test_the_ending_comes_from_the_row_when_the_log_has_none(hub: Hub, task: Task, client: Client) -> None:
    await task.write("all")

    async with hub.reader(task.id, None, SSE) as reader:
        await client.read_until(reader, length=3)
        task.finish_row()
        await client.read_until(reader, types=ENDED)

    assert client.types == ["snapshot", "snapshot", "task_finished"]
    assert client.cursor == Cursor(1, ENDING)


async def test_an_ending_that_names_no_entry_brings_the_rows_text_first(hub: Hub, task: Task, client: Client) -> None:
    await task.write("kept", " and lost")

    async with hub.reader(task.id, None, SSE) as reader:
        await client.read_until(reader, length=13)
        task.text = "kept"
        await task.finish(after=None)
        await client.read_until(reader, types=ENDED)

    assert client.text == "kept"
    assert client.is_ended


async def test_a_flushed_store_is_no_hole(hub: Hub, task: Task, client: Client, valkey: Redis) -> None:
    await task.write("a", "b")

    async with hub.reader(task.id, None, SSE) as reader:
        await client.read_until(reader, length=2)
        await valkey.delete(key_of(task.id))
        task.seq, task.text = 2, "ab"
        task.text, task.seq = "abcd", 4
        task.row()  # the worker went on and checkpointed; nothing of it is in the log
        await client.read_until(reader, length=4)
        task.finish_row()
        await client.read_until(reader, types=ENDED)

    assert client.text == "abcd"


async def test_a_reader_ahead_of_row_and_log_waits_for_the_repair(
    hub: Hub, task: Task, client: Client, valkey: Redis
) -> None:
    await task.write("a", "b", "c")

    async with hub.reader(task.id, None, SSE) as reader:
        await client.read_until(reader, length=3)
        await valkey.delete(key_of(task.id))
        task.seq, task.text = 0, ""
        await task.write("a", "b", "c", "d")
        await client.read_until(reader, length=4)

    assert client.types == ["snapshot", "token"]
    assert client.text == "abcd"


async def test_a_repair_is_read_again_for_a_reader_behind_the_others(
    hub: Hub, task: Task, client: Client, valkey: Redis
) -> None:
    await task.write("a", "b", "c")
    behind = Client()
    behind.text, behind.cursor = "a", Cursor(1, 1)

    async with hub.reader(task.id, None, SSE) as ahead:
        await client.read_until(ahead, length=3)
        await valkey.delete(key_of(task.id))
        task.seq, task.text = 0, ""
        await task.write("a")
        async with hub.reader(task.id, Cursor(1, 1), SSE) as reader, asyncio.timeout(5):
            await behind.read_until(reader, types={"heartbeat"})
            await task.write("b", "c")
            await behind.read_until(reader, length=3)

    assert behind.text == "abc"


async def test_a_client_that_comes_back_ahead_of_row_and_log_waits_for_the_repair(
    hub: Hub, task: Task, client: Client
) -> None:
    await task.write("a")
    task.row()
    client.text, client.cursor = "abc", Cursor(1, 3)

    async with hub.reader(task.id, Cursor(1, 3), SSE) as reader:
        await client.read_until(reader, types={"heartbeat"})
        await task.write("b", "c", "d")
        await client.read_until(reader, length=4)

    assert [event for event in client.types if event != "heartbeat"] == ["token"]
    assert client.text == "abcd"


async def test_a_hole_in_the_log_is_waited_out_until_the_row_is_past_it(
    hub: Hub, task: Task, client: Client, valkey: Redis
) -> None:
    await task.write("a", "b")
    task.row()
    await task.write("c", "d", "e")
    await valkey.xdel(key_of(task.id), "1-4")
    client.text, client.cursor = "abc", Cursor(1, 3)

    async with hub.reader(task.id, Cursor(1, 3), SSE) as reader:
        await client.read_until(reader, types={"heartbeat"})
        before = list(client.types)
        task.row()
        await client.read_until(reader, length=5)

    assert set(before) == {"heartbeat"}
    assert client.text == "abcde"


async def test_a_short_replay_into_another_attempt_has_its_reset(hub: Hub, task: Task, client: Client) -> None:
    await task.write("wrong")
    task.start_over()
    await task.write("right")
    client.text, client.cursor = "wrong", Cursor(1, 1)

    async with hub.reader(task.id, Cursor(1, 1), SSE) as reader:
        await client.read_until(reader, types={"token", "snapshot"})

    assert client.types == ["reset", "token"]
    assert client.text == "right"


async def test_a_snapshot_into_another_attempt_has_its_reset(hub: Hub, task: Task, client: Client) -> None:
    await task.write("wrong")
    task.start_over()
    await task.write(*["right "] * 30)
    client.text, client.cursor = "wrong", Cursor(1, 1)

    async with hub.reader(task.id, Cursor(1, 1), SSE) as reader:
        await client.read_until(reader, types={"snapshot"})

    assert client.types == ["reset", "snapshot"]
    assert client.text == task.text


async def test_a_deleted_document_ends_its_readers(hub: Hub, task: Task, client: Client) -> None:
    await task.write("a")

    async with hub.reader(task.id, None, SSE) as reader:
        await client.read_until(reader, length=1)
        del task.source.rows[task.id]
        await task.log.bury(task.id)
        await client.read_until(reader, types=ENDED)

    assert client.types == ["snapshot", "task_missing"]


async def test_a_document_that_is_gone_without_a_tombstone_ends_its_readers(
    hub: Hub, task: Task, client: Client
) -> None:
    async with hub.reader(task.id, None, SSE) as reader, asyncio.timeout(5):
        await client.read_until(reader, types={"snapshot"})
        del task.source.rows[task.id]
        await client.read_until(reader, types=ENDED)

    assert client.types[-1] == "task_missing"


async def test_a_cursor_beyond_the_database_is_reset(hub: Hub, task: Task, client: Client) -> None:
    await task.write("a")
    task.row()
    client.text, client.cursor = "from a later backup", Cursor(7, 3)

    async with hub.reader(task.id, Cursor(7, 3), SSE) as reader:
        await client.read_until(reader, types={"snapshot"})

    assert client.types == ["reset", "snapshot"]
    assert client.text == "a"


async def test_a_snapshot_of_a_finished_task_stands_just_before_its_ending(
    hub: Hub, task: Task, client: Client
) -> None:
    await task.write("a")
    await task.finish()
    client.cursor, client.text = Cursor(1, ENDING - 1), "a"

    async with hub.reader(task.id, Cursor(1, ENDING - 1), SSE) as reader:
        await client.read_until(reader, types=ENDED)

    assert client.types == ["task_finished"]


async def test_silence_is_filled_with_heartbeats(hub: Hub, task: Task, client: Client) -> None:
    async with hub.reader(task.id, None, SSE) as reader:
        await client.read_until(reader, types={"heartbeat"})

    assert client.types == ["snapshot", "heartbeat"]


async def test_no_heartbeat_comes_before_the_snapshot(hub: Hub, task: Task, client: Client) -> None:
    task.source.is_away = True

    async with hub.reader(task.id, None, SSE) as reader, asyncio.timeout(5):
        await client.read_until(reader, types=ENDED)

    assert client.types == ["retry"]


async def test_rows_that_never_answer_hold_back_neither_tokens_nor_heartbeats(
    hub: Hub, task: Task, client: Client
) -> None:
    async with hub.reader(task.id, None, SSE) as reader:
        await client.read_until(reader, types={"snapshot"})
        task.source.hangs = True
        for text in ("one", "two", "three"):
            async with asyncio.timeout(2):  # the rows have been asked by the time of a heartbeat
                await client.read_until(reader, types={"heartbeat"})
            await task.write(text)
            await client.read_until(reader, types={"token"})

    assert client.text == "onetwothree"


async def test_the_rows_are_asked_again_after_a_question_without_an_answer(
    hub: Hub, task: Task, client: Client
) -> None:
    async with hub.reader(task.id, None, SSE) as reader:
        await client.read_until(reader, types={"snapshot"})
        task.source.hangs = True
        await client.read_until(reader, types={"heartbeat"})
        task.source.hangs = False
        task.finish_row()
        async with asyncio.timeout(10):
            await client.read_until(reader, types=ENDED)

    assert client.is_ended


async def test_a_slow_reader_is_cut_and_the_others_go_on(
    valkey: Redis, source: MemorySource, stream_settings: StreamSettings, task: Task, client: Client
) -> None:
    hub = Hub(valkey, valkey, source, stream_settings.model_copy(update={"buffer_bytes": 2_000}))
    running = asyncio.create_task(hub.run())

    async with hub.reader(task.id, None, SSE) as slow, hub.reader(task.id, None, SSE) as quick:
        await client.read_until(quick, types={"snapshot"})
        for _ in range(30):
            await task.write("x" * 100)
            await client.read_until(quick, length=len(task.text))

        assert slow.connection.closed is Close.TOO_SLOW
        assert quick.connection.closed is None

    running.cancel()


async def test_an_ending_larger_than_the_bound_is_read(
    valkey: Redis, source: MemorySource, stream_settings: StreamSettings, task: Task, client: Client
) -> None:
    hub = Hub(valkey, valkey, source, stream_settings.model_copy(update={"buffer_bytes": 4_096}))
    running = asyncio.create_task(hub.run())
    await task.write("all")
    ending = json.dumps({"type": "task_finished", "length": 3, "result": "x" * 10_000}).encode()
    late = Client()
    late.text, late.cursor = client.text, client.cursor = "all", Cursor(1, 1)

    async with hub.reader(task.id, Cursor(1, 1), SSE) as reader:
        await client.read_until(reader, types={"heartbeat"})
        task.finish_row()
        await task.log.end(task.id, Cursor(1, ENDING), Record("task_finished", ending, after=1))
        await client.read_until(reader, types=ENDED)
    async with hub.reader(task.id, Cursor(1, 1), SSE) as reader:
        await late.read_until(reader, types=ENDED)

    running.cancel()
    assert client.types[-1] == "task_finished"
    assert late.types == ["task_finished"]


async def test_draining_ends_every_connection_with_a_time_to_come_back(hub: Hub, task: Task, client: Client) -> None:
    async with hub.reader(task.id, None, SSE) as reader:
        await client.read_until(reader, types={"snapshot"})
        hub.drain()
        await client.read_until(reader, types={"retry"})

        assert await reader.take() == b""


async def test_who_comes_while_the_process_leaves_is_sent_on(hub: Hub, task: Task, client: Client) -> None:
    hub.drain()

    async with hub.reader(task.id, None, SSE) as reader, asyncio.timeout(5):
        await client.read_until(reader, types={"retry"})

        assert await reader.take() == b""


async def test_many_readers_that_join_at_any_time_end_with_the_same_text(hub: Hub, task: Task) -> None:
    async def follow() -> Client:
        client = Client()
        while not client.is_ended:
            async with hub.reader(task.id, client.cursor, SSE) as reader:
                await client.read_until(reader, types=ENDED, length=len(client.text) + 40)
        return client

    async def write() -> None:
        for number in range(200):
            await task.write(f"{number} ")
            if number % 10 == 0:
                task.row()
        await task.finish()

    clients, _ = await asyncio.gather(asyncio.gather(*(follow() for _ in range(20))), write())

    assert {client.text for client in clients} == {task.text}
