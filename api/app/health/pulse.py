"""Where a process without a server says that it can work: a file that `app.probe` reads."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from time import monotonic

import structlog

from app.core.aio import every
from app.health.checks import Readiness

log = structlog.get_logger(__name__)

_PERIOD = timedelta(seconds=3)
_WITHIN = 4.0


class Pulse:
    """Checks the stores and `alive`, which raises where the process has lost its own way to work."""

    def __init__(self, file: str, readiness: Readiness, alive: Callable[[], Awaitable[None]]) -> None:
        self._file = Path(file) if file else None
        self._readiness = readiness
        self._alive = alive

    async def run(self) -> None:
        """Notes what is found, for ever. Without a file nobody asks, and nothing is checked."""
        if self._file:
            await every(_PERIOD, self.beat)

    async def beat(self) -> None:
        """One round."""
        try:
            async with asyncio.timeout(_WITHIN):
                checks = await self._readiness.checks()
                if not checks.are_well:
                    self._note(str(checks))
                    return
                await self._alive()
        except Exception as error:
            log.warning("not well", error=repr(error))
            self._note(repr(error))
        else:
            self._note("ok")

    def _note(self, text: str) -> None:
        assert self._file  # noqa: S101 - run() ended without one
        half = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        half.write_text(f"{monotonic()} {text}\n")
        half.replace(self._file)
