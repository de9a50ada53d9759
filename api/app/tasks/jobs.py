"""The feature's Celery jobs: each only tells the worker's loop to do something."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import structlog

from app.core.broker import broker

log = structlog.get_logger(__name__)

BEAT_SCHEDULE = {"prune-feed": {"task": "tasks.prune_feed", "schedule": 300.0, "options": {"expires": 240}}}

_EXPIRES = 10
_threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ring")
_rings: set[Future[None]] = set()
_handlers: dict[str, Callable[[], None]] = {}


def handle(*, ring: Callable[[], None], prune_feed: Callable[[], None]) -> None:
    """Says what the jobs do in this process; they are called in threads of Celery's pool."""
    _handlers.update(ring=ring, prune_feed=prune_feed)


@broker.task(name="tasks.ring", ignore_result=True)
def rung() -> None:
    """There may be work: carries no id, may be lost and may come twice."""
    _handlers["ring"]()


@broker.task(name="tasks.prune_feed", ignore_result=True)
def prune_feed() -> None:
    """Deletes feed rows that outlived their time."""
    _handlers["prune_feed"]()


def ring() -> None:
    """Rings for a worker, off the event loop. It may be lost: workers look every 2 s anyway."""
    if len(_rings) <= 1:  # one may be under way; the next has not gone out yet, so it rings for this task, too
        publish = _threads.submit(_publish)
        _rings.add(publish)
        publish.add_done_callback(_rings.discard)


def _publish() -> None:
    try:
        rung.apply_async(retry=False, expires=_EXPIRES)
    except Exception as error:  # kombu raises whatever its transport does
        log.warning("the doorbell is out of order", error=repr(error))
