"""A socket's session over the real hub and log: many topics on one connection, whatever its client says or fails to."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis

from app.core.caller import Caller
from app.core.errors import NotFound
from app.settings import StreamSettings
from app.streams.cursor import ENDING, Cursor
from app.streams.hub import Hub
from app.streams.socket import Socket
from app.streams.topics import LogTopics, Subscription
from app.streams.wire import MESSAGES, SSE, subscribed
from tests.streams.memory import Client, MemorySource
from tests.streams.test_hub import Task

BAD = [
    "", "{", "[]", "null", "1", '"x"', "{}", '{"type": "nonsense"}', '{"type": "subscribe"}',
    '{"type": "subscribe", "topic": 1}', '{"type": "subscribe", "topic": ""}',
    '{"type": "subscribe", "topic": "task:x", "cursor": 1}', '{"type": "subscribe", "topic": "\\ud800"}',
    '{"type": "subscribe", "topic": "%s"}' % ("x" * 201), "[" * 3_000, "9" * 4_000, "x" * 1_000_000,
]  # fmt: skip


@pytest.fixture
def stream_settings() -> StreamSettings:
    return StreamSettings(
        row_check=timedelta(milliseconds=200),
        heartbeat=timedelta(milliseconds=300),
        buffer_bytes=20_000,
        topics_per_socket=3,
    )


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


@pytest.fixture
def task(valkey: Redis, source: MemorySource) -> Task:
    return Task(valkey, source)


class Peer:
    """The client's side of a socket. While `reads` is clear, what is sent to it is stuck on its way."""

    def __init__(self) -> None:
        self.says: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.got: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.messages: list[dict[str, Any]] = []
        self.reads = asyncio.Event()
        self.reads.set()
        self.code: int | None = None

    async def send(self, message: Any) -> None:
        await self.reads.wait()
        self.got.put_nowait(message)

    def say(self, text: str) -> None:
        self.says.put_nowait({"type": "websocket.receive", "text": text})

    def subscribe(self, topic: str, cursor: str | None = None) -> None:
        self.say(json.dumps({"type": "subscribe", "topic": topic, "cursor": cursor}))

    async def next(self) -> dict[str, Any]:
        """The next message; `close` when there is none."""
        async with asyncio.timeout(10):
            sent = await self.got.get()
        if sent["type"] == "websocket.close":
            self.code = sent["code"]
            return {"type": "close"}
        message: dict[str, Any] = json.loads(sent["text"])
        self.messages.append(message)
        return message

    async def until(self, *types: str) -> dict[str, Any]:
        """Reads to a message of one of the types, an event counting by its own."""
        while True:
            message = await self.next()
            if message.get("event", message)["type"] in {*types, "close"}:
                assert message["type"] != "close" or "close" in types, f"closed with {self.code}"
                return message

    def types(self) -> list[str]:
        kinds = [message.get("event", message)["type"] for message in self.messages]
        return [kind for kind in kinds if kind != "heartbeat"]


@asynccontextmanager
async def connected(hub: Hub, source: MemorySource, settings: StreamSettings) -> AsyncIterator[Peer]:
    """A socket whose caller may see every row of the source."""

    async def place(_caller: Caller, document: UUID) -> Cursor:
        rows = await source.cursors([document])
        if document not in rows:
            raise NotFound
        return rows[document]

    peer = Peer()
    caller = Caller(uuid4(), uuid4(), "user")
    with hub.connections.open(MESSAGES, caller) as connection:
        served = Socket(connection, caller, {"task:": LogTopics(hub, place)}, settings)
        running = asyncio.create_task(served.run(peer.says.get, peer.send))
        assert (await peer.next())["type"] == "welcome"
        yield peer
        peer.says.put_nowait({"type": "websocket.disconnect", "code": 1005})
        peer.reads.set()
        await running


@pytest.fixture
async def peer(hub: Hub, source: MemorySource, stream_settings: StreamSettings) -> AsyncIterator[Peer]:
    async with connected(hub, source, stream_settings) as peer:
        yield peer


@pytest.mark.parametrize("said", BAD, ids=lambda said: said[:40] or "nothing")
async def test_what_can_t_be_understood_is_an_error_and_nothing_more(peer: Peer, task: Task, said: str) -> None:
    peer.say(said)
    peer.subscribe(f"task:{task.id}")
    await peer.until("snapshot")

    assert peer.types() == ["welcome", "error", "subscribed", "snapshot"]
    assert peer.messages[1]["code"] == "invalid_message"


async def test_a_binary_frame_is_an_error(peer: Peer) -> None:
    peer.says.put_nowait({"type": "websocket.receive", "bytes": b'{"type": "subscribe", "topic": "task:x"}'})

    assert (await peer.until("error"))["code"] == "invalid_message"


@pytest.mark.parametrize("topic", ["nonsense", "task", "feed:x", "Task:1", ":"])
async def test_a_topic_that_is_none_is_unknown(peer: Peer, topic: str) -> None:
    peer.subscribe(topic)

    assert (await peer.until("error"))["code"] == "unknown_topic"


@pytest.mark.parametrize("name", ["", "1", "é", "{{{id}}}", "{ID}", str(uuid4()), "\u0000"])
async def test_a_document_that_isn_t_there_is_not_found(peer: Peer, task: Task, name: str) -> None:
    peer.subscribe(f"task:{name.format(id=task.id, ID=str(task.id).upper())}")

    assert (await peer.until("error"))["code"] == "not_found"


async def test_ten_bad_messages_in_a_row_end_the_socket(peer: Peer) -> None:
    for _ in range(11):
        peer.say("nonsense")
    await peer.until("close")

    assert peer.types() == ["welcome"] + 10 * ["error"]
    assert peer.code == 1008


async def test_a_good_message_between_makes_up_for_bad_ones(peer: Peer) -> None:
    for _ in range(3):
        for _ in range(9):
            peer.say("nonsense")
        peer.subscribe(f"task:{uuid4()}")  # understood, though there is nothing

    while len(peer.types()) < 31:
        assert (await peer.next())["type"] != "close"


async def test_answers_come_in_the_order_of_the_messages(peer: Peer, source: MemorySource, valkey: Redis) -> None:
    one, two = Task(valkey, source), Task(valkey, source)
    for said in (f"task:{one.id}", "nonsense", f"task:{two.id}", f"task:{uuid4()}"):
        peer.subscribe(said)
    peer.say(json.dumps({"type": "unsubscribe", "topic": f"task:{one.id}"}))
    await peer.until("unsubscribed")

    answers = [(m["type"], m.get("topic") or m["code"]) for m in peer.messages if m["type"] not in {"event", "welcome"}]
    assert answers == [
        ("subscribed", f"task:{one.id}"), ("error", "unknown_topic"), ("subscribed", f"task:{two.id}"),
        ("error", "not_found"), ("unsubscribed", f"task:{one.id}"),
    ]  # fmt: skip


async def test_nothing_comes_after_unsubscribed(peer: Peer, task: Task) -> None:
    peer.subscribe(f"task:{task.id}")
    await peer.until("snapshot")
    peer.say(json.dumps({"type": "unsubscribe", "topic": f"task:{task.id}"}))
    await peer.until("unsubscribed")
    await task.write("unheard")
    await peer.until("heartbeat")

    assert peer.types() == ["welcome", "subscribed", "snapshot", "unsubscribed"]


async def test_a_topic_goes_on_where_its_cursor_is(peer: Peer, task: Task) -> None:
    await task.write("one ", "two ", "three")
    peer.subscribe(f"task:{task.id}", "1-1")
    await peer.until("token")
    await peer.until("token")

    assert peer.types() == ["welcome", "subscribed", "token", "token"]
    assert peer.messages[1]["cursor"] == "1-1"
    assert [message["cursor"] for message in peer.messages[2:]] == ["1-2", "1-3"]


@pytest.mark.parametrize("cursor", [None, "garbage", "0-0-0", "1-1"])
async def test_where_a_snapshot_comes_first_subscribed_has_no_cursor(peer: Peer, task: Task, cursor: str) -> None:
    await task.write(*"more events than are replayed")
    peer.subscribe(f"task:{task.id}", cursor)
    await peer.until("snapshot")

    assert peer.types() == ["welcome", "subscribed", "snapshot"]
    assert peer.messages[1]["cursor"] is None


async def test_a_second_subscribe_begins_the_topic_again(peer: Peer, task: Task) -> None:
    await task.write("one")
    peer.subscribe(f"task:{task.id}")
    await peer.until("snapshot")
    peer.subscribe(f"task:{task.id}", "1-0")
    await peer.until("token")
    await task.write(" two")
    await peer.until("token")
    await peer.until("heartbeat")

    assert peer.types() == ["welcome", "subscribed", "snapshot", "subscribed", "token", "token"], "each event once"


async def test_an_ending_is_followed_by_unsubscribed(peer: Peer, task: Task, source: MemorySource) -> None:
    topic = f"task:{task.id}"
    peer.subscribe(topic)
    await peer.until("snapshot")
    await task.write("all")
    await peer.until("token")
    await task.finish()
    await peer.until("unsubscribed")
    del peer.messages[1:]
    peer.subscribe(topic, f"1-{ENDING}")
    await peer.until("unsubscribed")

    assert peer.messages[1:] == [
        {"type": "subscribed", "topic": topic, "cursor": f"1-{ENDING}"}, {"type": "unsubscribed", "topic": topic},
    ]  # fmt: skip


async def test_a_document_that_goes_away_ends_its_topic(peer: Peer, task: Task, source: MemorySource) -> None:
    peer.subscribe(f"task:{task.id}")
    await peer.until("snapshot")
    del source.rows[task.id]
    await peer.until("unsubscribed")

    assert peer.types()[-2:] == ["task_missing", "unsubscribed"]


async def test_a_socket_has_a_limit_of_topics_and_an_ended_one_makes_room(
    peer: Peer, source: MemorySource, valkey: Redis
) -> None:
    tasks = [Task(valkey, source) for _ in range(4)]
    for task in tasks:
        peer.subscribe(f"task:{task.id}")
    assert (await peer.until("error"))["code"] == "too_many_topics"
    peer.subscribe(f"task:{tasks[0].id}")  # not one more
    await peer.until("snapshot")
    await tasks[0].finish()
    await peer.until("unsubscribed")
    peer.subscribe(f"task:{tasks[3].id}")
    await peer.until("snapshot")

    assert peer.types().count("error") == 1


async def test_while_the_rows_are_away_a_topic_is_unavailable(peer: Peer, task: Task, source: MemorySource) -> None:
    source.is_away = True
    peer.subscribe(f"task:{task.id}")
    assert (await peer.until("error"))["code"] == "unavailable"
    source.is_away, source.hangs = False, True
    peer.subscribe(f"task:{task.id}")
    assert (await peer.until("error"))["code"] == "unavailable"
    source.hangs = False
    peer.subscribe(f"task:{task.id}")
    await peer.until("snapshot")


class OverInTheLastMoment:
    """A topic that begins and ends just when its time is over."""

    async def subscribe(self, subscription: Subscription, _name: str) -> None:
        subscription.connection.push(subscribed(subscription.topic, None))
        subscription.begin()
        subscription.end()
        raise TimeoutError


async def test_a_topic_that_was_over_in_the_last_moment_has_one_answer(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LogTopics, "subscribe", OverInTheLastMoment.subscribe)
    peer.subscribe("task:over")
    peer.subscribe("unknown")

    assert (await peer.until("error"))["code"] == "unknown_topic"
    assert peer.types() == ["welcome", "subscribed", "unsubscribed", "error"]


@pytest.mark.usefixtures("app")  # which sets up the log
async def test_a_topic_that_is_broken_is_told_to_us_too(
    peer: Peer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(LogTopics, "subscribe", lambda: "takes nothing")
    peer.subscribe("task:broken")

    assert (await peer.until("error"))["code"] == "unavailable"
    assert "a topic can't be begun" in caplog.text


async def test_a_topic_that_is_being_begun_ends_with_its_socket(
    hub: Hub, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_begun, has_stopped = asyncio.Event(), asyncio.Event()

    async def subscribe(_topics: LogTopics, subscription: Subscription, _name: str) -> None:
        subscription.stop = has_stopped.set
        has_begun.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(LogTopics, "subscribe", subscribe)
    peer.subscribe("task:late")
    async with asyncio.timeout(10):
        await has_begun.wait()
        hub.drain()
        await has_stopped.wait()

    await peer.until("close")
    assert peer.types() == ["welcome"], "no error, since nobody is there any more"


async def test_heartbeats_are_the_socket_s_and_only_of_its_silence(peer: Peer, task: Task) -> None:
    peer.subscribe(f"task:{task.id}")
    beat = await peer.until("heartbeat")

    assert beat.keys() == {"type", "at"}


async def test_a_hub_that_can_t_vouch_sends_its_sockets_away(
    hub: Hub, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Hub, "is_well", False)
    await peer.until("close")

    assert peer.code == 1012


async def test_draining_writes_what_waits_and_closes(hub: Hub, peer: Peer, task: Task) -> None:
    peer.subscribe(f"task:{task.id}")
    await peer.until("snapshot")
    hub.drain()
    await peer.until("close")

    assert peer.code == 1012


async def test_a_client_that_doesn_t_read_is_too_slow_and_the_others_go_on(
    hub: Hub, peer: Peer, task: Task, source: MemorySource, stream_settings: StreamSettings
) -> None:
    async with connected(hub, source, stream_settings) as quick:
        for each in (quick, peer):
            each.subscribe(f"task:{task.id}")
            await each.until("snapshot")
        peer.reads.clear()
        for _ in range(60):
            await task.write("x" * 500)
            await quick.until("token")
        peer.reads.set()
        await peer.until("close")

    assert peer.code == 4408
    assert quick.code is None


async def test_snapshots_larger_than_the_bound_are_read_one_after_another(
    peer: Peer, source: MemorySource, valkey: Redis
) -> None:
    tasks = [Task(valkey, source) for _ in range(3)]
    for task in tasks:
        await task.write("x" * 50_000)
        peer.subscribe(f"task:{task.id}")
    for _ in tasks:
        assert len((await peer.until("snapshot"))["event"]["text"]) == 50_000


async def test_the_events_are_those_of_the_other_wire(hub: Hub, peer: Peer, task: Task) -> None:
    client = Client()
    raw = []
    async with hub.reader(task.id, None, SSE) as reader:
        await client.read_until(reader, types={"snapshot"})
        peer.subscribe(f"task:{task.id}")
        await peer.until("snapshot")
        await task.write("one", "\u2028 🌱 ", '"two"')
        await task.finish()
        while frames := await reader.take():
            raw += frames.decode().split("\n\n")[:-1]
    await peer.until("unsubscribed")

    mine = [(message["cursor"], message["event"]) for message in peer.messages if message["type"] == "event"][1:]
    theirs = [dict(line.split(": ", 1) for line in frame.split("\n")) for frame in raw]
    assert mine == [(fields["id"], json.loads(fields["data"])) for fields in theirs if "id" in fields]
    assert len(mine) == 4
