"""Whatever happens, in whatever order, every client ends with the row's text: a random walk over the real parts."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from app.core.db import Database
from app.core.valkey import connect
from app.settings import Settings
from app.streams import hub as hub_module
from app.streams import writer
from app.streams.hub import Hub
from app.tasks import run
from app.tasks.watch import TaskSource
from tests.people import Person, register
from tests.tasks.workers import Desk
from tests.tasks.world.processes import STREAMS
from tests.tasks.world.world import World

WEIGHTS = {
    "write": 16, "join": 10, "resume": 8, "sync": 14, "checkpoint": 8, "ring": 5, "expire": 5, "breathe": 5, "hold": 5,
    "heal": 4, "lose_tail": 8, "flush": 4, "drop": 5, "cut": 4, "look": 4, "lose_answer": 3, "lose_request": 2,
    "stumble": 4, "kill": 2, "drain": 1, "start": 2, "extend": 1, "sweep": 1, "disconnect": 2,
    "join_from_a_lost_future": 1,
}  # fmt: skip
STEP = st.tuples(st.sampled_from([name for name, weight in WEIGHTS.items() for _ in range(weight)]), st.integers(0, 7))
BEGINNING = st.sampled_from([["ring"], ["ring", "join"], ["join", "ring", "write"], ["join"], []])
ENDING = st.tuples(st.sampled_from(["finish", "finish", "cancel", "delete", "expire"]), st.integers(0, 7))
# lists of lists: a list alone would be about six steps long, or could not be shrunk
SCHEDULE = st.builds(
    lambda beginning, parts, endings: [
        *((name, 0) for name in beginning),
        *(step for part in parts for step in part),
        *(step for ending, tail in endings for step in (ending, *tail)),
    ],
    BEGINNING,
    st.lists(st.lists(STEP, max_size=12), max_size=12),
    st.lists(st.tuples(ENDING, st.lists(STEP, max_size=5)), max_size=3),
)
SCHEDULES = int(os.environ.get("SCHEDULES", "80"))


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """Pauses that are seconds in production."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hub_module, "_RETRY_BEHIND", 0.02)
        patch.setattr(writer, "_SILENCE", 0.25)
        patch.setattr(run, "_FENCE_WITHIN", 0.05)
        patch.setattr(run, "_RETRY", 0.01)
        yield


@pytest.fixture(scope="module")
async def somebody(app: FastAPI) -> AsyncIterator[Person]:
    async with register(app) as person:
        yield person


@pytest.fixture(scope="module")
async def store(settings: Settings) -> AsyncIterator[Redis]:
    """A database of Valkey's that may be flushed."""
    async with connect(own_url(settings), timeout=5, connections=20) as store:
        yield store


def own_url(settings: Settings) -> str:
    return urlsplit(settings.valkey.url)._replace(path="/5").geturl()


@pytest.fixture(scope="module")
async def hubs(settings: Settings, db: Database) -> AsyncIterator[list[Hub]]:
    """Those of two API processes."""
    async with AsyncExitStack() as stack:
        hubs = []
        for _ in range(2):
            tail = await stack.enter_async_context(connect(own_url(settings), timeout=5, connections=1))
            commands = await stack.enter_async_context(connect(own_url(settings), timeout=2))
            hubs.append(Hub(tail, commands, TaskSource(db), STREAMS))
        running = [asyncio.create_task(hub.run()) for hub in hubs]
        yield hubs
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


@settings(
    max_examples=SCHEDULES,
    derandomize="SCHEDULES" not in os.environ,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(schedule=SCHEDULE)
@pytest.mark.timeout(3_600)
async def test_every_schedule_keeps_every_promise(
    schedule: list[tuple[str, int]], db: Database, store: Redis, hubs: list[Hub], somebody: Person
) -> None:
    desk = Desk(db, store, somebody.id)
    await desk.execute("DELETE FROM tasks WHERE status IN ('queued', 'running')")
    world = World(await desk.task(), desk, somebody.caller, store, hubs)
    try:
        for name, n in schedule:
            note(f"{name}({n})")
            await world.step(name, n)
        await world.settle()
    finally:
        await world.end()
