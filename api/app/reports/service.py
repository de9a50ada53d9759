"""Writes reports down, as far as there is room: one page with a fault, or one person with a script, sends thousands."""

from collections.abc import Iterable
from time import monotonic

import structlog

from app.reports.schemas import Violation

log = structlog.get_logger(__name__)

_LINES = 30
_SECONDS = 60.0


class Notebook:
    """One log line a violation, and at most so many a minute in each process."""

    def __init__(self) -> None:
        self._began = 0.0
        self._lines = 0

    def write(self, found: Iterable[Violation], now: float | None = None) -> None:
        """Writes them down; what is too much is counted by a line that says so, once."""
        now = monotonic() if now is None else now
        if now - self._began >= _SECONDS:
            self._began, self._lines = now, 0
        for violation in found:
            self._lines += 1
            if self._lines == _LINES + 1:
                log.warning("csp_violations_left_out", seconds=_SECONDS)
            if self._lines <= _LINES:
                log.warning("csp_violation", **violation.model_dump())
