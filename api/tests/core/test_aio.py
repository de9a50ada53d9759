"""What asyncio leaves to its users."""

import asyncio
from datetime import timedelta
from time import monotonic

from app.core.aio import every


async def test_a_slow_job_keeps_its_schedule() -> None:
    starts: list[float] = []
    enough = asyncio.Event()

    async def slow() -> None:
        starts.append(monotonic())
        if len(starts) == 4:
            enough.set()
        await asyncio.sleep(0.2)

    running = asyncio.create_task(every(timedelta(seconds=0.25), slow))
    await enough.wait()
    running.cancel()

    assert 0.74 < starts[3] - starts[0] < 1.2  # with its own time on top of every period it were 1.35


async def test_a_job_that_takes_longer_than_its_period_and_one_that_fails_go_on() -> None:
    turns: list[int] = []
    enough = asyncio.Event()

    async def failing() -> None:
        turns.append(len(turns))
        if len(turns) == 3:
            enough.set()
        await asyncio.sleep(0.02)
        raise ConnectionError("away")

    running = asyncio.create_task(every(timedelta(seconds=0.01), failing))
    async with asyncio.timeout(5):
        await enough.wait()
    running.cancel()

    assert turns[:3] == [0, 1, 2]
