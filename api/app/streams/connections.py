"""All connections of a process: their limits, their heartbeats, and the ways in which they are ended."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from uuid import UUID

import structlog

from app.core.aio import heed_cancel
from app.core.caller import Alive, Caller
from app.settings import StreamSettings
from app.streams.connection import Close, Connection
from app.streams.events import heartbeat
from app.streams.wire import SSE, Wire

log = structlog.get_logger(__name__)

_SESSIONS_EVERY = 0.8  # so that who signs out is gone within a second
_SESSIONS_WITHIN = 2.0


class Connections:
    """Who is connected. `is_well` says whether a heartbeat may be sent."""

    def __init__(self, settings: StreamSettings, is_well: Callable[[], bool], alive: Alive | None = None) -> None:
        self._settings = settings
        self._is_well = is_well
        self._alive = alive
        self._all: set[Connection] = set()
        self._open: Counter[tuple[Wire, UUID]] = Counter()
        self.is_draining = False

    def is_full(self, wire: Wire, owner: UUID) -> bool:
        """Whether the owner has as many connections of the kind open in this process as anybody may."""
        limit = self._settings.per_user if wire is SSE else self._settings.sockets_per_user
        return self._open[wire, owner] >= limit

    @contextmanager
    def open(self, wire: Wire, caller: Caller | None = None) -> Iterator[Connection]:
        """A connection, kept alive while the context lasts and counted for its caller."""
        connection = Connection(wire, self._settings.buffer_bytes, caller and caller.session_id)
        connection.leave_at = monotonic() + _jittered(self._settings.rotate_after)
        place = (wire, caller.user_id) if caller else None
        self._all.add(connection)
        if place:
            self._open[place] += 1
        if self.is_draining:  # since the request was let in
            self._send_away(connection)
        try:
            yield connection
        finally:
            connection.end(Close.DONE)
            self._all.discard(connection)
            if place:
                self._open[place] -= 1
                if not self._open[place]:
                    del self._open[place]

    def drain(self) -> None:
        """Ends every connection cleanly; the clients come back elsewhere, not all at once."""
        self.is_draining = True
        for connection in tuple(self._all):
            self._send_away(connection)

    async def look(self) -> None:
        """Keeps silent connections alive and ends those that had their time, whatever the stores do meanwhile."""
        while True:
            heed_cancel()
            await asyncio.sleep(self._settings.row_check.total_seconds() / 4)
            now = monotonic()
            beat = heartbeat()
            silence = self._settings.heartbeat.total_seconds()
            for connection in tuple(self._all):
                is_silent = now - connection.last_push >= silence
                if not self._is_well() or now >= connection.leave_at or (is_silent and connection.owes_its_first):
                    self._send_away(connection)
                elif is_silent:
                    connection.send(beat)

    async def watch_sessions(self) -> None:
        """Ends the connections of sessions that ended. While nobody can say which, nobody is sent away."""
        while self._alive:
            heed_cancel()
            await asyncio.sleep(_SESSIONS_EVERY)
            watched = {connection.session for connection in self._all if connection.session and not connection.closed}
            if not watched:
                continue
            try:
                async with asyncio.timeout(_SESSIONS_WITHIN):
                    ended = watched.difference(await self._alive(watched))
            except Exception as error:
                log.warning("the sessions can't be read", error=str(error) or type(error).__name__)
                continue
            for connection in tuple(self._all) if ended else ():
                if connection.session in ended:
                    connection.end(Close.SIGNED_OUT)

    def _send_away(self, connection: Connection) -> None:
        connection.leave(int(1_000 * _jittered(self._settings.drain_retry)))


def _jittered(period: timedelta) -> float:
    return period.total_seconds() * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
