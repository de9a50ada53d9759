"""Connections and the sessions behind them."""

from uuid import uuid4

from app.core.caller import Caller
from app.settings import StreamSettings
from app.streams.connection import Close
from app.streams.connections import Connections
from app.streams.wire import MESSAGES, SSE


async def test_what_ended_is_closed_at_once_and_nothing_else() -> None:
    everybody = Connections(StreamSettings(), lambda: True)
    leaving, staying = (Caller(uuid4(), uuid4(), "user") for _ in range(2))
    cut: list[str] = []

    with (
        everybody.open(MESSAGES, leaving) as a_socket,
        everybody.open(SSE, leaving) as a_stream,
        everybody.open(SSE, staying) as another,
        everybody.open(SSE) as nobodys,
        everybody.bound(leaving.credential_id, lambda: cut.append("leaving")),
        everybody.bound(staying.credential_id, lambda: cut.append("staying")),
    ):
        everybody.sign_out({leaving.credential_id, uuid4()})

        reasons = [connection.closed for connection in (a_socket, a_stream, another, nobodys)]
        assert reasons == [Close.SIGNED_OUT, Close.SIGNED_OUT, None, None]
        assert cut == ["leaving"]


async def test_who_was_signed_out_while_a_request_was_let_in_gets_nothing() -> None:
    leaving = Caller(uuid4(), uuid4(), "user")
    everybody = Connections(StreamSettings(), lambda: True, lambda credential: credential == leaving.credential_id)
    cut: list[str] = []

    with (
        everybody.open(SSE, leaving) as connection,
        everybody.bound(leaving.credential_id, lambda: cut.append("leaving")),
    ):
        assert connection.closed is Close.SIGNED_OUT
        assert cut == ["leaving"]


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
