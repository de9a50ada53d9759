"""Notes when keys were used last: to the minute, after the request, in batches."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from time import monotonic
from uuid import UUID

from app.api_keys import repository
from app.core.aio import every
from app.core.db import Database

_ONCE_IN = timedelta(minutes=1)
_WRITE_EVERY = timedelta(seconds=1)
_WRITE_WITHIN = 2.0


class Uses:
    """The uses of keys that this process has seen."""

    def __init__(self) -> None:
        self._noted: dict[UUID, float] = {}
        self._waiting: set[UUID] = set()

    def note(self, key_id: UUID) -> None:
        """The key was used now. Costs nobody any time."""
        if key_id not in self._noted:
            self._noted[key_id] = monotonic()
            self._waiting.add(key_id)

    async def write(self, db: Database) -> None:
        """Writes what was noted. What can't be written is dropped: the next use comes."""
        forget = monotonic() - _ONCE_IN.total_seconds()
        self._noted = {key_id: at for key_id, at in self._noted.items() if at > forget}
        waiting, self._waiting = self._waiting, set()
        if waiting:
            await repository.note_use(db, waiting, once_in=_ONCE_IN, within=_WRITE_WITHIN)

    @asynccontextmanager
    async def written(self, db: Database) -> AsyncIterator[None]:
        """Writes from time to time while the context lasts."""

        async def uses_of_keys() -> None:
            await self.write(db)

        writing = asyncio.create_task(every(_WRITE_EVERY, uses_of_keys))
        try:
            yield
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
