"""All connections of a process: their limits, their heartbeats, and the ways in which they are ended."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import UUID

import structlog

from app.core.aio import heed_cancel
from app.core.caller import Alive, Caller
from app.settings import StreamSettings
from app.streams.connection import Close, Connection
from app.streams.events import heartbeat
from app.streams.wire import SSE, Wire

log = structlog.get_logger(__name__)

_LOOKS = 8  # within the silence that a heartbeat ends: each walks over all connections, of which there may be 10,000
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
        self._sessions: Counter[UUID] = Counter()
        self._bound: dict[object, tuple[UUID, Callable[[], object]]] = {}
        self.is_draining = False

    def is_full(self, wire: Wire, owner: UUID) -> bool:
        """Whether the owner has as many connections of the kind open in this process as anybody may."""
        limit = self._settings.per_user if wire is SSE else self._settings.sockets_per_user
        return self._open[wire, owner] >= limit

    @contextmanager
    def open(self, wire: Wire, caller: Caller | None = None) -> Iterator[Connection]:
        """A connection, kept alive while the context lasts and counted for its caller."""
        connection = Connection(wire, self._settings.buffer_bytes, caller and caller.credential_id)
        connection.leave_at = monotonic() + _jittered(self._settings.rotate_after)
        place = (wire, caller.user_id) if caller else None
        self._all.add(connection)
        if caller and place:
            self._open[place] += 1
            self._sessions[caller.credential_id] += 1
        if self.is_draining:  # since the request was let in
            self._send_away(connection)
        try:
            yield connection
        finally:
            connection.end(Close.DONE)
            self._all.discard(connection)
            if caller and place:
                _decrease(self._open, place)
                _decrease(self._sessions, caller.credential_id)

    @contextmanager
    def bound(self, session: UUID, end: Callable[[], object]) -> Iterator[None]:
        """Calls `end` when the session ends while the context lasts: for work that has no connection here."""
        place = object()
        self._bound[place] = (session, end)
        try:
            yield
        finally:
            del self._bound[place]

    def drain(self) -> None:
        """Ends every connection cleanly; the clients come back elsewhere, not all at once."""
        self.is_draining = True
        for connection in tuple(self._all):
            self._send_away(connection)

    async def look(self) -> None:
        """Keeps silent connections alive and ends those that had their time, whatever the stores do meanwhile."""
        heartbeat_after = self._settings.heartbeat.total_seconds()
        while True:
            heed_cancel()
            await asyncio.sleep(heartbeat_after / _LOOKS)
            now, is_well = monotonic(), self._is_well()
            silent_since = now - heartbeat_after
            beats: dict[Wire, bytes] = {}  # encoded once: thousands are silent together
            for connection in tuple(self._all):
                is_silent = connection.last_push <= silent_since
                if not is_well or now >= connection.leave_at or (is_silent and connection.owes_its_first):
                    self._send_away(connection)
                elif is_silent:
                    wire = connection.wire
                    connection.push(beats.get(wire) or beats.setdefault(wire, wire.event(None, heartbeat())))

    async def watch_sessions(self) -> None:
        """Ends the connections of sessions that ended. While nobody can say which, nobody is sent away."""
        while self._alive:
            heed_cancel()
            await asyncio.sleep(_SESSIONS_EVERY)
            watched = self._sessions.keys() | {session for session, _ in self._bound.values()}
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
            for session, end in tuple(self._bound.values()) if ended else ():
                if session in ended:
                    end()

    def _send_away(self, connection: Connection) -> None:
        connection.leave(int(1_000 * _jittered(self._settings.drain_retry)))


def _decrease(counter: Counter[Any], key: object) -> None:
    counter[key] -= 1
    if not counter[key]:
        del counter[key]


def _jittered(period: timedelta) -> float:
    return period.total_seconds() * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
