"""All connections of a process: their limits, their heartbeats, and the ways in which they are ended."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import UUID

import structlog

from app.core.aio import heed_cancel
from app.core.caller import Caller, HasEnded
from app.settings import StreamSettings
from app.streams.connection import Close, Connection
from app.streams.events import heartbeat
from app.streams.wire import SSE, Wire

log = structlog.get_logger(__name__)

_LOOKS = 8  # within the silence that a heartbeat ends: each walks over all connections, of which there may be 10,000


class Connections:
    """Who is connected. `is_well` says whether a heartbeat may be sent, `has_ended` who is no longer let in."""

    def __init__(
        self, settings: StreamSettings, is_well: Callable[[], bool], has_ended: HasEnded = lambda _: False
    ) -> None:
        self._settings = settings
        self._is_well = is_well
        self._has_ended = has_ended
        self._all: set[Connection] = set()
        self._open: Counter[tuple[Wire, UUID]] = Counter()
        self._bound: dict[object, tuple[UUID, Callable[[], object]]] = {}
        self.is_draining = False

    def is_full(self, wire: Wire, owner: UUID) -> bool:
        """Whether the owner has as many connections of the kind open in this process as anybody may."""
        return self._open[wire, owner] >= self.most(wire)

    def most(self, wire: Wire) -> int:
        """How many of the kind anybody may have open."""
        return self._settings.per_user if wire is SSE else self._settings.sockets_per_user

    @contextmanager
    def open(self, wire: Wire, caller: Caller | None = None) -> Iterator[Connection]:
        """A connection, kept alive while the context lasts and counted for its caller."""
        connection = Connection(wire, self._settings.buffer_bytes, caller and caller.credential_id)
        connection.leave_at = monotonic() + _jittered(self._settings.rotate_after)
        place = (wire, caller.user_id) if caller else None
        self._all.add(connection)
        if caller and place:
            self._open[place] += 1
            if self._has_ended(caller.credential_id):  # since the request was let in
                connection.end(Close.SIGNED_OUT)
        if self.is_draining:  # as well
            self._send_away(connection)
        try:
            yield connection
        finally:
            connection.end(Close.DONE)
            self._all.discard(connection)
            if place:
                _decrease(self._open, place)

    @contextmanager
    def bound(self, credential: UUID, end: Callable[[], object]) -> Iterator[None]:
        """Calls `end` when the session or key ends while the context lasts: for work that has no connection here."""
        place = object()
        self._bound[place] = (credential, end)
        if self._has_ended(credential):
            end()
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

    def sign_out(self, ended: Collection[UUID]) -> None:
        """Ends what sessions or keys opened that have ended."""
        for connection in tuple(self._all):
            if connection.credential in ended:
                connection.end(Close.SIGNED_OUT)
        for credential, end in tuple(self._bound.values()):
            if credential in ended:
                end()

    def _send_away(self, connection: Connection) -> None:
        connection.leave(int(1_000 * _jittered(self._settings.drain_retry)))


def _decrease(counter: Counter[Any], key: object) -> None:
    counter[key] -= 1
    if not counter[key]:
        del counter[key]


def _jittered(period: timedelta) -> float:
    return period.total_seconds() * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
