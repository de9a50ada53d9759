"""Beat's clock: each job once a period, however many beats run and however often they are started again.

Time is cut into periods, the same for all beats. The first to claim a period in Valkey sends the job; there is no file.
"""

import time
from datetime import timedelta
from typing import Any

import structlog
from celery import beat
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.project import VALKEY_PREFIX
from app.settings import get_settings

log = structlog.get_logger(__name__)

_TICK = 2.0
_ANSWER_WITHIN = 2.0


class Clock(beat.Scheduler):  # type: ignore[misc] # Celery has no types
    """A scheduler for jobs that run every so many seconds."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        url = get_settings().valkey.url
        self._valkey = Redis.from_url(
            url,
            socket_timeout=_ANSWER_WITHIN,
            socket_connect_timeout=_ANSWER_WITHIN,
            retry=Retry(NoBackoff(), 0),
        )
        self._past: dict[str, int] = {}
        self.ticked_at = time.monotonic()

    def tick(self, *_: Any, **__: Any) -> float:
        """Sends what is due. Gives the seconds until the next look."""
        for entry in self.schedule.values():
            try:
                self._look(entry)
            except Exception as error:  # the next tick tries again
                log.warning("a periodic job could not be sent", job=entry.name, error=repr(error))
        self.ticked_at = time.monotonic()
        return _TICK

    def _look(self, entry: Any) -> None:
        every: timedelta = entry.schedule.run_every
        period = int(time.time() / every.total_seconds())
        if self._past.get(entry.name) == period:
            return
        claim = f"{VALKEY_PREFIX}beat:{entry.name}:{period}"
        if self._valkey.set(claim, 1, nx=True, px=2 * every):
            try:
                self.apply_async(entry, advance=False, retry=False)
            except Exception:
                self._valkey.delete(claim)
                raise
            log.info("sent", job=entry.name)
        self._past[entry.name] = period
