"""A TCP proxy in front of a server: its connections can be left without an answer, as when a host goes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Proxy:
    """Forwards bytes; `go_dark` swallows them on the connections there are, new ones work."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._connections: set[_Connection] = set()
        self.port = 0

    def go_dark(self) -> int:
        """Nothing passes the connections that are open now, and nobody is told. Gives their number."""
        for connection in self._connections:
            connection.is_dark = True
        return len(self._connections)

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = _Connection()
        self._connections.add(connection)
        try:
            onward, back = await asyncio.open_connection(*self._target)
            try:
                await connection.join((reader, back), (onward, writer))
            finally:
                back.close()
        finally:
            self._connections.discard(connection)
            writer.close()


class _Connection:
    def __init__(self) -> None:
        self.is_dark = False

    async def join(self, *ways: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
        jobs = [asyncio.create_task(self._carry(*way)) for way in ways]
        try:
            await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65_536):
            if not self.is_dark:
                sink.write(data)
                await sink.drain()


@asynccontextmanager
async def proxy(host: str, port: int, *, at: int = 0) -> AsyncIterator[Proxy]:
    """A proxy on the port `at`, or a free one."""
    it = Proxy(host, port)
    server = await asyncio.start_server(it.accept, "127.0.0.1", at)
    it.port = server.sockets[0].getsockname()[1]
    try:
        yield it
    finally:
        server.close()
