"""Rings for a worker's loop through Celery: says that there may be work, and nothing else."""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import structlog

log = structlog.get_logger(__name__)

_EXPIRES = 10
_threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ring")


class Doorbell:
    """A ring carries no id; it may be lost and may come twice: workers look every 2 s anyway."""

    def __init__(self, job: Any) -> None:
        self._job = job
        self._rings: set[Future[None]] = set()

    def ring(self) -> None:
        """Publishes the job, off the event loop."""
        if len(self._rings) <= 1:  # one may be under way; the next has not gone out yet, so it rings for this work, too
            publish = _threads.submit(self._publish)
            self._rings.add(publish)
            publish.add_done_callback(self._rings.discard)

    def _publish(self) -> None:
        try:
            self._job.apply_async(retry=False, expires=_EXPIRES)
        except Exception as error:  # kombu raises whatever its transport does
            log.warning("the doorbell is out of order", error=repr(error))
