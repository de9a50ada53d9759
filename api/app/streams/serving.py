"""The hub's place in a server process: it starts and ends with it, and neither survives the other."""

import asyncio
import gc
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import FrameType

import structlog

from app.core.caller import HasEnded
from app.core.valkey import connect
from app.settings import StreamSettings
from app.streams.bell import KEY
from app.streams.feeds import Feeds
from app.streams.hub import Hub
from app.streams.source import Source

log = structlog.get_logger(__name__)

_TAIL_WITHIN = 5.0  # above the second that a read blocks
_COMMAND_WITHIN = 2.0
_YOUNG = 20_000


@asynccontextmanager
async def serving(
    valkey_url: str, source: Source, settings: StreamSettings, *, feeds: Feeds, has_ended: HasEnded
) -> AsyncIterator[Hub]:
    """Runs a hub and the feeds while the context lasts. SIGTERM drains it; the death of either ends the process."""
    # A flush to 1,000 clients makes thousands of short-lived objects at once. With Python's threshold of 700 the
    # collector walks over them again and again meanwhile: a fifth of a busy process's time.
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
    async with (
        connect(valkey_url, timeout=_TAIL_WITHIN, connections=1) as tail,
        connect(valkey_url, timeout=_COMMAND_WITHIN) as commands,
    ):
        hub = Hub(tail, commands, source, settings, has_ended)
        hub.listen(KEY, feeds.heard)
        running = asyncio.create_task(_run(hub, feeds))
        running.add_done_callback(_end_process)
        unhook = before_exit(hub.drain)
        try:
            yield hub
        finally:
            unhook()
            running.remove_done_callback(_end_process)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def _run(hub: Hub, feeds: Feeds) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(hub.run())
        group.create_task(feeds.run())


def _end_process(running: asyncio.Task[None]) -> None:
    log.critical("the hub died: the process ends", exc_info=running.exception())
    os.kill(os.getpid(), signal.SIGTERM)


def before_exit(drain: Callable[[], None]) -> Callable[[], None]:
    """Calls `drain` in the loop before whoever handles SIGTERM and SIGINT now. Gives what undoes it.

    Uvicorn alone waits for open streams, for ever.
    """
    loop = asyncio.get_running_loop()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(drain)
        if callable(before := handlers[signal.Signals(number)]):
            before(number, frame)

    hooked = [number for number, before in handlers.items() if callable(before)]
    for number in hooked:
        signal.signal(number, handle)

    def undo() -> None:
        for number in hooked:
            signal.signal(number, handlers[number])

    return undo
