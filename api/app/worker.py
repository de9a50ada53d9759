"""The worker and beat processes: Celery around one event loop that does the work.

Celery has no asyncio pool. Its threads only ring the doorbell and start periodic jobs; the loop runs everything else.
"""

import asyncio
import logging
import os
import socket
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Any

import structlog
import uvloop
from celery import signals
from redis.asyncio import Redis

from app import retention
from app.core.broker import broker
from app.core.clock import Clock
from app.core.db import Database
from app.core.logging import configure_logging
from app.core.retention import prune
from app.core.valkey import connect
from app.credentials.letters import Letters
from app.generators import get_generator
from app.health.checks import Readiness
from app.health.pulse import Pulse
from app.mail import jobs as mail_jobs
from app.mail.kept import KeptPost
from app.mail.message import default_sender
from app.mail.sender import Sender
from app.mail.smtp import SmtpPost
from app.settings import Settings, get_settings
from app.settings.mail import SmtpServer
from app.streams.bell import Bell
from app.streams.log import EventLog
from app.streams.writer import Flusher
from app.tasks import jobs
from app.tasks.leases import Leases
from app.tasks.runner import Runner
from app.tasks.sweeper import Sweeper

log = structlog.get_logger(__name__)

celery = broker
celery.conf.beat_schedule = {**jobs.BEAT_SCHEDULE, **retention.BEAT_SCHEDULE}

Alive = Callable[[], Awaitable[None]]
Pruning = Callable[[], Coroutine[Any, Any, None]]

_COMMAND_WITHIN = 2.0
_STOP_WITHIN = 4.0
_JOB_WITHIN = 60.0
_PING_WITHIN = 2.0
_TICKS_WITHIN = 10.0


class Loop(threading.Thread):
    """The process's event loop, in a thread of its own. When its work ends by itself, so does the process."""

    def __init__(self, work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
        super().__init__(name="loop", daemon=True)
        self._work = work
        self._loop = uvloop.new_event_loop()
        self._stopping = asyncio.Event()

    def run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._main())
        except BaseException:
            log.critical("the event loop died", exc_info=True)
            os._exit(1)

    async def _main(self) -> None:
        await self._work(self._stopping)

    def call(self, function: Callable[[], object]) -> None:
        """Calls `function` in the loop, from any thread; a loop that has ended hears nothing."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function)

    def do(self, job: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Runs `job` in the loop and waits for it; its errors are the caller's. Not to be called in the loop."""
        asyncio.run_coroutine_threadsafe(job(), self._loop).result(_JOB_WITHIN)

    def stop(self) -> None:
        """Tells the work to end."""
        self.call(self._stopping.set)


async def run_tasks(
    stopping: asyncio.Event, ready: Callable[[Runner, Leases, Sender, Pruning], object], alive: Alive
) -> None:
    """A worker's loop: claims and runs tasks, sweeps, and hands everything back at the end."""
    settings = get_settings()
    async with Database(settings.database) as db, connect(settings.valkey.url, timeout=_COMMAND_WITHIN) as valkey:
        event_log = EventLog(valkey, settings.streams.log_ttl)
        worker = f"{socket.gethostname()}:{os.getpid()}"
        leases = Leases(db, settings.tasks, worker=worker, ring=Bell(valkey).ring)
        flusher = Flusher(event_log, settings.streams, leases.confirm)
        runner = Runner(leases, flusher, get_generator(settings.generator), settings.tasks)
        sweeper = Sweeper(leases, event_log, settings.tasks)
        sender = sender_of(settings, db, valkey)
        ready(runner, leases, sender, partial(prune, db, settings, retention.OUTLIVED))
        async with asyncio.TaskGroup() as group:
            loops = (runner.run(), sweeper.run(), sender.run(), feel_pulse(settings, db, alive))
            running = [group.create_task(loop) for loop in loops]
            await stopping.wait()
            await asyncio.gather(runner.drain(), sender.drain())
            for task in running:
                task.cancel()


def sender_of(settings: Settings, db: Database, valkey: Redis) -> Sender:
    """Sends mails over SMTP, or keeps them for the page of development: elsewhere nobody asks for one without SMTP."""
    mail = settings.mail
    post = SmtpPost(SmtpServer(mail.smtp_url), timeout=mail.smtp_timeout) if mail.smtp_url else KeptPost(valkey)
    return Sender(
        db,
        post,
        Letters(db, settings).kinds,
        sender=mail.mail_from or default_sender(settings.app.site_url),
        timeout=mail.smtp_timeout,
        retry_for=mail.mail_retry_for,
    )


async def keep_house(stopping: asyncio.Event, alive: Alive) -> None:
    """Beat's loop: the same sweeper, so that one process is enough to repair what the others left."""
    settings = get_settings()
    async with Database(settings.database) as db, connect(settings.valkey.url, timeout=_COMMAND_WITHIN) as valkey:
        leases = Leases(db, settings.tasks, worker="beat", ring=Bell(valkey).ring)
        sweeper = Sweeper(leases, EventLog(valkey, settings.streams.log_ttl), settings.tasks)
        async with asyncio.TaskGroup() as group:
            running = [group.create_task(job) for job in (sweeper.run(), feel_pulse(settings, db, alive))]
            await stopping.wait()
            for task in running:
                task.cancel()


async def feel_pulse(settings: Settings, db: Database, alive: Alive) -> None:
    """Notes for the probe whether this process can work."""
    async with connect(settings.valkey.url, timeout=_COMMAND_WITHIN, connections=1) as valkey:
        await Pulse(settings.processes.health_file, Readiness(db, valkey), alive).run()


def reached_by_broker(name: str) -> Alive:
    """Has the worker of this name hear itself over the broker; raises where it doesn't."""
    # one thread, whose reply queue is one, too: a ping that hangs is followed by none
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ping")

    def ping() -> None:
        with celery.connection_for_write() as connection:
            connection.connect()  # once: what follows would try for ever
            if not celery.control.ping(destination=[name], timeout=_PING_WITHIN, connection=connection):
                raise TimeoutError("the worker doesn't hear the broker")

    async def alive() -> None:
        await asyncio.get_running_loop().run_in_executor(thread, ping)

    return alive


def ticking(clock: Clock) -> Alive:
    """Raises where beat's clock stands still."""

    async def alive() -> None:
        if (silence := monotonic() - clock.ticked_at) > _TICKS_WITHIN:
            raise TimeoutError(f"the clock stands still for {silence:.0f} s")

    return alive


@signals.setup_logging.connect
def _configure_logging(**_: object) -> None:
    configure_logging(get_settings().logging)
    for chatty in ("celery.worker.strategy", "celery.app.trace"):  # two lines a ring
        logging.getLogger(chatty).setLevel(logging.WARNING)


@signals.worker_init.connect
def _start_worker(sender: Any, **_: object) -> None:
    def ready(runner: Runner, leases: Leases, sender: Sender, pruning: Pruning) -> None:
        mail_jobs.handle(ring=lambda: loop.call(sender.ring))
        retention.handle(prune=lambda: loop.do(pruning))
        jobs.handle(ring=lambda: loop.call(runner.ring), prune_feed=lambda: loop.do(leases.prune_feed))

    loop = Loop(lambda stopping: run_tasks(stopping, ready, reached_by_broker(sender.hostname)))
    loop.start()
    # weak=False: nothing else holds these
    signals.worker_shutting_down.connect(lambda **_: loop.stop(), weak=False)
    signals.worker_shutdown.connect(lambda **_: loop.join(_STOP_WITHIN), weak=False)


@signals.beat_init.connect
def _start_beat(sender: Any, **_: object) -> None:
    clock: Clock = sender.scheduler
    Loop(lambda stopping: keep_house(stopping, ticking(clock))).start()
