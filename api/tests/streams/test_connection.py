"""One connection: everything that is queued is written, whenever that happens."""

import asyncio

import pytest

from app.streams.connection import Close, Connection
from app.streams.wire import SSE


class Wire:
    """What a client got, by the way of the SSE response, and when it was told that there is no more."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.got = b""
        self.is_whole = False

    async def write(self) -> None:
        while frames := self.connection.waiting():
            self.got += frames
        self.is_whole = self.connection.closed is not None


async def forever() -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize("steps", range(5))
async def test_what_is_queued_in_any_moment_of_a_write_is_written(steps: int) -> None:
    connection = Connection(SSE, 1_000)
    wire = Wire(connection)
    attending = asyncio.create_task(connection.attend(wire.write, forever()))
    await asyncio.sleep(0)
    connection.push(b"one ")
    for _ in range(steps):
        await asyncio.sleep(0)
    connection.push(b"two")
    connection.end(Close.DONE)
    async with asyncio.timeout(10):
        await attending

    assert (wire.got, wire.is_whole) == (b"one two", True)
