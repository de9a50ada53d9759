"""Small things that asyncio leaves to its users."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from time import monotonic

import structlog

log = structlog.get_logger(__name__)


def heed_cancel() -> None:
    """Raises CancelledError where this task is being cancelled: for loops that survive their drivers' errors.

    A driver may swallow a cancellation or turn it into an error of its own (redis-py 8.1 does where it connects:
    Python 3.11's `wait_for` drops a cancellation that meets the result), and the loop would go on for ever.
    """
    task = asyncio.current_task()
    if task and task.cancelling():
        raise asyncio.CancelledError


async def every(period: timedelta, job: Callable[[], Awaitable[object]]) -> None:
    """Runs the job once a period, from start to start, for ever; a failure waits for the next turn."""
    while True:
        heed_cancel()
        turn = monotonic() + period.total_seconds()
        try:
            await job()
        except Exception as error:
            log.warning("a periodic job failed", job=getattr(job, "__qualname__", str(job)), error=repr(error))
        await asyncio.sleep(max(0.0, turn - monotonic()))


async def wait_until(event: asyncio.Event, timeout: float) -> None:
    """Waits for the event, `timeout` seconds at most."""
    try:
        async with asyncio.timeout(timeout):
            await event.wait()
    except TimeoutError:
        pass
