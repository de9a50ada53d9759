"""Connections and the sessions behind them."""

import asyncio
from collections.abc import Collection
from uuid import UUID, uuid4

import pytest

from app.core.caller import Caller
from app.settings import StreamSettings
from app.streams import connections
from app.streams.connection import Close
from app.streams.connections import Connections
from app.streams.wire import MESSAGES, SSE


class Sessions:
    """Which sessions have ended, and how often that was asked."""

    def __init__(self) -> None:
        self.ended: set[UUID] = set()
        self.questions: list[set[UUID]] = []
        self.asked = asyncio.Event()
        self.is_away = False

    async def alive(self, sessions: Collection[UUID]) -> set[UUID]:
        self.questions.append(set(sessions))
        self.asked.set()
        if self.is_away:
            raise ConnectionError("away")
        return set(sessions) - self.ended


async def test_who_signs_out_is_gone_and_nobody_while_it_can_t_be_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_SESSIONS_EVERY", 0.01)
    sessions = Sessions()
    everybody = Connections(StreamSettings(), lambda: True, sessions.alive)
    leaving, staying = (Caller(uuid4(), uuid4(), "user") for _ in range(2))
    watching = asyncio.create_task(everybody.watch_sessions())

    with (
        everybody.open(MESSAGES, leaving) as a_socket,
        everybody.open(SSE, leaving) as a_stream,
        everybody.open(SSE, staying) as another,
        everybody.open(SSE) as nobodys,
    ):
        sessions.is_away = True
        sessions.ended.add(leaving.credential_id)
        async with asyncio.timeout(10):
            for _ in range(3):
                sessions.asked.clear()
                await sessions.asked.wait()
            assert a_socket.closed is None
            sessions.is_away = False
            assert await a_socket.take() == await a_stream.take() == b""

        reasons = [connection.closed for connection in (a_socket, a_stream, another, nobodys)]
        assert reasons == [Close.SIGNED_OUT, Close.SIGNED_OUT, None, None]
        assert sessions.questions[0] == {leaving.credential_id, staying.credential_id}, "one question for all"

    watching.cancel()


async def test_a_session_that_ended_gets_nothing_more_that_waits() -> None:
    with Connections(StreamSettings(), lambda: True).open(MESSAGES) as connection:
        connection.push(b"secret\n")
        connection.end(Close.SIGNED_OUT)

        assert await connection.take() == b""


async def test_sockets_and_streams_are_counted_apart() -> None:
    everybody = Connections(StreamSettings(sockets_per_user=1), lambda: True)
    caller = Caller(uuid4(), uuid4(), "user")

    with everybody.open(MESSAGES, caller):
        assert everybody.is_full(MESSAGES, caller.user_id)
        assert not everybody.is_full(SSE, caller.user_id)
        assert not everybody.is_full(MESSAGES, uuid4())
    assert not everybody.is_full(MESSAGES, caller.user_id)
