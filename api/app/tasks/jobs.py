"""What crosses a process: the doorbell that wakes a worker, and a job that beat starts."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import structlog

from app.core.broker import broker

log = structlog.get_logger(__name__)

_EXPIRES = 10
_threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ring")
_pending: set[Future[None]] = set()
_bells: list[Callable[[], None]] = []


def on_ring(bell: Callable[[], None]) -> None:
    """Has `bell` called, in a thread of the pool, when this worker process is rung."""
    _bells.append(bell)


@broker.task(name="tasks.ring", ignore_result=True)
def rung() -> None:
    """There may be work: carries no id, may be lost and may come twice."""
    for bell in _bells:
        bell()


def ring() -> None:
    """Rings for a worker, off the event loop. It may be lost: workers look every 2 s anyway."""
    if len(_pending) < 2:  # noqa: PLR2004 - one is on its way; the next has not gone out yet and rings for this task, too
        publish = _threads.submit(_publish)
        _pending.add(publish)
        publish.add_done_callback(_pending.discard)


def _publish() -> None:
    try:
        rung.apply_async(retry=False, expires=_EXPIRES)
    except Exception as error:  # kombu raises whatever its transport does
        log.warning("the doorbell is out of order", error=repr(error))
