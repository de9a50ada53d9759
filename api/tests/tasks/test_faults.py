"""Processes that die, stop and lose their files: real ones, in real time."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from statistics import median
from time import monotonic

import pytest
import structlog
from redis.asyncio import Redis

from app.core.broker import broker
from app.core.valkey import connect
from app.streams.cursor import ENDING, Cursor
from app.streams.log import key_of
from app.tasks import jobs
from tests.people import Person
from tests.processes import OwnValkey, own_valkey, worker
from tests.server import Server, serve
from tests.streams.memory import Client
from tests.tasks.test_stream import ENDED, watch
from tests.tasks.workers import SETTINGS, Desk, Script
from tests.tasks.world.processes import Pen, Wire, WiredLog

log = structlog.get_logger(__name__)

RESETS = int(os.environ.get("BROKER_RESETS", "5"))


@pytest.fixture(scope="module")
async def store(valkey: Redis, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[OwnValkey]:
    async with own_valkey(valkey, tmp_path_factory.mktemp("valkey")) as store:
        yield store


@pytest.fixture
async def own(store: OwnValkey) -> AsyncIterator[Redis]:
    async with connect(store.url, timeout=5, connections=20) as client:
        yield client


@pytest.fixture(scope="module")
async def server(store: OwnValkey) -> AsyncIterator[Server]:
    async with serve(REDIS_URL=store.url) as server:
        yield server


@pytest.fixture
async def office(desk: Desk, own: Redis) -> Desk:
    """The desk at the store that may be broken."""
    return Desk(desk.db, own, desk.owner)


async def test_a_worker_that_dies_before_it_told_the_log_leaves_the_ending_to_the_row(
    server: Server, office: Desk, own: Redis, person: Person
) -> None:
    task_id = await office.task()
    pen, wire = Pen(), Wire()
    office.log = WiredLog(own, wire)

    async with watch(server, person, task_id) as watching:
        async with office.worker(pen):
            pen.write("one two")
            await watching.until("token")
            wire.hold()
            pen.write(" and three")
            pen.stop()
            row = await office.finished(task_id)
        died = monotonic()
        await watching.until(*ENDED)
        seconds = monotonic() - died

    assert watching.client.text == row.text == "one two and three"
    assert not (await Desk(office.db, own, office.owner).events(task_id))[-1].cursor.is_ending
    assert seconds < 3


async def test_a_store_that_lost_its_newest_bytes_is_given_them_again(
    server: Server, office: Desk, store: OwnValkey, person: Person
) -> None:
    task_id = await office.task()
    script = Script(*"abcdef", goes_on=True)
    async with office.worker(script), watch(server, person, task_id) as watching:
        while watching.client.text != "abcdef":
            await watching.until("token", "snapshot")
        before = await office.events(task_id)

        await store.restart(losing=400)
        lost = len(before) - len(await office.events(task_id))
        script.more.put_nowait("g")
        while watching.client.text != "abcdefg":
            await watching.until("token", "snapshot")
        after = await office.events(task_id)
        late = Client()
        async with watch(server, person, task_id, client=late) as joining:
            await joining.until("snapshot")

    assert lost > 0
    assert after[: len(before)] == before
    assert [entry.cursor.seq for entry in after] == list(range(1, len(after) + 1))
    assert late.text == "abcdefg"


async def test_where_the_worker_is_gone_too_the_row_answers(
    server: Server, office: Desk, store: OwnValkey, person: Person
) -> None:
    task_id = await office.task()
    async with office.worker(Script(*"abcdef")):
        row = await office.finished(task_id)
        before = await office.events_when(task_id, lambda entries: entries[-1].cursor.is_ending)

    await store.restart(losing=700)
    after = await office.events(task_id)
    client = Client()
    client.text, client.cursor = "abcdef", before[-2].cursor
    async with watch(server, person, task_id, params={"cursor": str(client.cursor)}, client=client) as watching:
        await watching.until()

    assert len(after) < len(before) - 1
    assert client.is_ended
    assert client.text == row.text


@pytest.mark.parametrize("aged", [False, True])
async def test_without_a_log_every_reader_goes_on(
    server: Server, office: Desk, own: Redis, person: Person, *, aged: bool
) -> None:
    task_id = await office.task()
    pen, back = Pen(), Client()
    async with office.worker(pen), watch(server, person, task_id) as watching:
        pen.write("one ")
        pen.write("two ")
        while watching.client.text != "one two ":
            await watching.until("token", "snapshot")
        back.text, back.cursor = "one ", Cursor(1, 2)

        await (own.pexpire(key_of(task_id), 1) if aged else own.flushall())
        new = Client()
        async with (
            watch(server, person, task_id, params={"cursor": "1-2"}, client=back) as resuming,
            watch(server, person, task_id, client=new) as joining,
        ):
            pen.write("three")
            for each in (watching, resuming, joining):
                async with asyncio.timeout(5):
                    while each.client.text != "one two three":
                        await each.until("token", "snapshot")
            pen.stop()
            for each in (watching, resuming, joining):
                async with asyncio.timeout(5):
                    await each.until(*ENDED)

    assert {client.text for client in (watching.client, back, new)} == {"one two three"}


async def test_a_worker_that_stood_still_finds_its_task_taken(
    server: Server, office: Desk, store: OwnValkey, person: Person
) -> None:
    task_id = await office.task()
    leases = {"TASK_LEASE": "600ms", "TASK_LEASE_EXTEND": "200ms", "TASK_POLL": "300ms"}
    pen = Pen()
    async with worker(REDIS_URL=store.url, OFFLINE_TOKENS="8000", OFFLINE_TOKENS_PER_SECOND="200", **leases) as zombie:
        await office.row_when(task_id, lambda row: len(row.text) > 100, within=30)
        zombie.send(signal.SIGSTOP)
        one = SETTINGS.model_copy(update={"worker_capacity": 1})
        async with office.worker(pen, "other", one), watch(server, person, task_id) as watching:
            pen.write("mine")
            await office.row_when(task_id, lambda row: row.text == "mine")
            zombie.send(signal.SIGCONT)
            for_the_zombie = await office.task()  # what it claims shows that it is awake
            await office.row_when(for_the_zombie, lambda row: len(row.text) > 0)
            pen.write(" still")
            pen.stop()
            row = await office.finished(task_id)
            await watching.until(*ENDED)
            entries = await office.events_when(task_id, lambda entries: entries[-1].cursor.is_ending)

    assert (row.attempt, row.text) == (2, "mine still")
    assert [entry.cursor.seq for entry in entries if entry.cursor.attempt == 2] == [1, 2, 3, ENDING]
    assert watching.client.text == "mine still"


async def test_a_worker_hears_the_ring_after_every_reset_of_its_broker(office: Desk, store: OwnValkey) -> None:
    """It looks by itself only once a minute here, so that it is the ring that is heard."""
    quick = {"TASK_POLL": "60s", "OFFLINE_TOKENS": "1", "OFFLINE_TOKENS_PER_SECOND": "1000"}
    deaf = []
    first = await office.task()
    async with worker(REDIS_URL=store.url, **quick), connect(store.url, timeout=5) as own:
        await office.row_when(first, lambda row: row.attempt == 1, within=30)
        await _heard(office, store)
        for number in range(RESETS):
            if number == RESETS // 2:
                await store.restart()
            else:
                await _reset(own)
            deaf.append(await _heard(office, store))

    log.info("heard again", resets=RESETS, median=round(median(deaf), 2), longest=round(max(deaf), 2))
    assert max(deaf) < 10


async def _reset(own: Redis) -> None:
    """Cuts every connection to the broker's database, once there is one: the worker may just be coming back."""
    async with asyncio.timeout(10):
        while not (clients := [client for client in await own.client_list() if client["db"] == "1"]):
            pass
    for client in clients:
        await own.client_kill_filter(_id=client["id"])


async def _heard(office: Desk, store: OwnValkey) -> float:
    """Rings for a new task every half second, as more and more tasks would. Gives the seconds until it is claimed."""
    task_id = await office.task()
    began = monotonic()
    while (await office.row(task_id)).attempt == 0:
        await asyncio.to_thread(_ring, store.url)
        with suppress(AssertionError):  # then it is rung again
            await office.row_when(task_id, lambda row: row.attempt == 1, within=0.5)
        assert monotonic() - began < 30, "the worker is deaf"
    return monotonic() - began


def _ring(url: str) -> None:
    with broker.connection_for_write(url[:-1] + "1") as connection:  # a new one: no reset can have cut it
        jobs.rung.apply_async(connection=connection, retry=False, expires=10)
