"""Ends the tasks that nobody else will end. It never goes through the broker that it has to repair."""

import structlog
from redis.exceptions import RedisError

from app.core.aio import every
from app.settings import TaskSettings
from app.streams.cursor import Cursor
from app.streams.log import EventLog
from app.tasks.leases import Leases
from app.tasks.watch import ending_of

log = structlog.get_logger(__name__)


class Sweeper:
    """Several may run: each skips the rows that another one holds."""

    def __init__(self, leases: Leases, event_log: EventLog, settings: TaskSettings) -> None:
        self._leases = leases
        self._log = event_log
        self._period = settings.sweep

    async def run(self) -> None:
        """Sweeps until it is cancelled."""
        await every(self._period, self.sweep)

    async def sweep(self) -> int:
        """Fails the tasks whose attempts are used up. Gives their number."""
        rows = await self._leases.fail_exhausted()
        for row in rows:
            log.warning("attempts used up", task_id=str(row.id), attempt=row.attempt)
            try:
                await self._log.end(row.id, Cursor(row.attempt, row.cursor_seq), ending_of(row))
            except (RedisError, OSError):  # readers get the ending from the row
                log.warning("the ending is not in the log", task_id=str(row.id))
        return len(rows)
