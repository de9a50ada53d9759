"""The API as it is run, in a process of its own: for what only a real connection shows."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from time import monotonic

import httpx

from tests.processes import free_port


class Server:
    """A running API process."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self._process = process
        self.url = url

    @property
    def pid(self) -> int:
        return self._process.pid

    async def terminate(self) -> float:
        """Sends SIGTERM. Gives the seconds until the process is gone."""
        began = monotonic()
        self._process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(self._process.wait(), 15)
        return monotonic() - began

    async def end(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def serve(log: Path | None = None, /, **settings: str) -> AsyncIterator[Server]:
    """Starts the API on a free port, as the supervisor does, with these settings besides the tests' own.

    What it says goes to the file `log`.
    """
    port = free_port()
    env = {**os.environ, "API_PORT": str(port), **settings}
    with log.open("w") if log else nullcontext() as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app.serve", env=env, stdout=output, stderr=output and asyncio.subprocess.STDOUT
        )
    server = Server(process, f"http://127.0.0.1:{port}")
    try:
        async with httpx.AsyncClient() as client:
            until = monotonic() + 30
            while True:
                try:
                    if (await client.get(f"{server.url}/api/readyz")).is_success:
                        break
                except httpx.TransportError:
                    assert monotonic() < until, "the API did not start"
                await asyncio.sleep(0.05)
        yield server
    finally:
        await server.end()
