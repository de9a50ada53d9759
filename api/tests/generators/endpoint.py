"""A server on a free port that speaks chat completions as the test tells it to, good or bad."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

Answer = Callable[["Connection"], Awaitable[None]]


class Asked(NamedTuple):
    """A request as it came in."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class Connection:
    """The wire of one request."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def asked(self) -> Asked:
        """Reads the request."""
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:]) if name}
        body = await self._reader.readexactly(int(headers["content-length"]))
        return Asked(head[0].split()[1], headers, json.loads(body))

    async def refuse(self, status: int, code: str = "", **headers: str) -> None:
        """A whole answer that is an error."""
        body = json.dumps({"error": {"message": "secret-key is wrong", "code": code or None}})
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        head = [f"HTTP/1.1 {status} X", "content-type: application/json", f"content-length: {len(body)}", *lines]
        await self.write(("\r\n".join(head) + "\r\n\r\n" + body).encode())

    async def start(self) -> None:
        """The head of a stream."""
        await self.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")

    async def say(self, *contents: str, finish: str | None = None, **more: object) -> None:
        """Chunks of text, each one frame. `json` writes a surrogate half as its escape."""
        for content in contents:
            await self.data(json.dumps({"choices": [{"index": 0, "delta": {"content": content}}]}))
        if finish or more:
            await self.data(json.dumps({"choices": [{"index": 0, "delta": more, "finish_reason": finish}]}))

    async def data(self, data: str) -> None:
        """A frame with whatever it holds."""
        await self.raw(f"data: {data}\n\n".encode())

    async def raw(self, sent: bytes) -> None:
        """Bytes of the body."""
        await self.write(f"{len(sent):x}\r\n".encode() + sent + b"\r\n")

    async def end(self) -> None:
        """The clean end of the body."""
        await self.data("[DONE]")
        await self.write(b"0\r\n\r\n")

    async def write(self, sent: bytes) -> None:
        """Bytes of the connection."""
        self._writer.write(sent)
        await self._writer.drain()

    async def gone(self) -> None:
        """Returns when the client has closed the connection."""
        assert await self._reader.read() == b""


class Endpoint:
    """Gives one answer after the other; the last one again and again."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[Asked] = []
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one request."""
        connection = Connection(reader, writer)
        self.asked.append(await connection.asked())
        try:
            await (self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])(connection)
        finally:
            writer.close()


@asynccontextmanager
async def endpoint(*answers: Answer) -> AsyncIterator[Endpoint]:
    """A server that lives as long as the test needs it."""
    served = Endpoint(*answers)
    server = await asyncio.start_server(served.serve, "127.0.0.1", 0)
    served.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield served
    finally:
        server.close()
