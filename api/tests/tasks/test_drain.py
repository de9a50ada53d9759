"""An API process leaves with a thousand streams open: each is told to come back, and nobody waits for it."""

import asyncio
import re
import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from time import monotonic
from urllib.parse import urlsplit
from uuid import UUID

import pytest
import structlog

from tests.people import Person
from tests.server import Server, serve
from tests.streams.socket import SocketClient, socket
from tests.tasks.workers import Desk

log = structlog.get_logger(__name__)

STREAMS, SOCKETS = 1_000, 100
FILES = 4_096


@pytest.fixture(autouse=True)
def files() -> Iterator[None]:
    """As many open files as the streams need; the server inherits it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(FILES, hard)), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class Stream:
    """A raw connection, byte by byte as the server wrote it."""

    def __init__(self, server: Server, cookies: str, task: UUID) -> None:
        url = urlsplit(server.url)
        self._address = (url.hostname, url.port)
        self._request = f"GET /api/v1/tasks/{task}/stream HTTP/1.1\r\nHost: {url.netloc}\r\nCookie: {cookies}\r\n\r\n"
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter

    async def open(self, turns: asyncio.Semaphore) -> None:
        async with turns:
            self._reader, self._writer = await asyncio.open_connection(*self._address)
            self._writer.write(self._request.encode())
            assert (await self._reader.readuntil(b"\r\n")).startswith(b"HTTP/1.1 200")
            await self._reader.readuntil(b"event: snapshot")

    async def rest(self) -> bytes:
        """Everything to the end of the connection."""
        try:
            return await self._reader.read()
        finally:
            self._writer.close()


async def is_ready(server: Server) -> bool:
    url = urlsplit(server.url)
    try:
        reader, writer = await asyncio.open_connection(url.hostname, url.port)
    except OSError:
        return False
    try:
        writer.write(f"GET /api/readyz HTTP/1.1\r\nHost: {url.netloc}\r\nConnection: close\r\n\r\n".encode())
        return (await reader.read()).startswith(b"HTTP/1.1 200")
    except OSError:
        return False
    finally:
        writer.close()


@pytest.fixture
async def leaving() -> AsyncIterator[Server]:
    async with serve(STREAMS_PER_USER=str(STREAMS), SOCKETS_PER_USER=str(SOCKETS)) as server:
        yield server


async def opened(stack: AsyncExitStack, server: Server, person: Person, turns: asyncio.Semaphore) -> SocketClient:
    async with turns:
        client = await stack.enter_async_context(socket(server, person))
        await client.until("welcome")
        return client


@pytest.mark.long
async def test_a_thousand_streams_are_sent_on_before_the_process_leaves(
    leaving: Server, desk: Desk, person: Person
) -> None:
    task_id = await desk.task()
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in person.browser.cookies.jar)
    streams = [Stream(leaving, cookies, task_id) for _ in range(STREAMS)]
    turns = asyncio.Semaphore(50)
    async with AsyncExitStack() as stack:
        await asyncio.gather(*(stream.open(turns) for stream in streams))
        sockets = await asyncio.gather(*(opened(stack, leaving, person, turns) for _ in range(SOCKETS)))
        assert await is_ready(leaving)

        went = asyncio.create_task(leaving.terminate())
        began = monotonic()
        while await is_ready(leaving):
            assert monotonic() - began < 1, "it is ready and leaves"
        unready = monotonic() - began
        rests = await asyncio.gather(*(stream.rest() for stream in streams))
        codes = await asyncio.gather(*(client.closed() for client in sockets))
        seconds = await went

    log.info("left", streams=STREAMS, sockets=SOCKETS, unready=round(unready, 2), seconds=round(seconds, 2))
    farewells = [re.search(rb"\nretry: (\d+)\n\n\r\n0\r\n\r\n$", rest) for rest in rests]
    assert all(farewells), next(rest for rest, said in zip(rests, farewells, strict=True) if not said)[-200:]
    retries = [int(said[1]) for said in farewells if said]
    assert min(retries) >= 500
    assert len(set(retries)) > 100
    assert set(codes) == {1012}
    assert seconds < 5
