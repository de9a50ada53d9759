"""A launcher for tests: answers at a Unix socket as the real one does."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any


@asynccontextmanager
async def launcher(*services: dict[str, Any]) -> AsyncIterator[str]:
    """The address of a launcher that runs these."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readline() == b"status\n"
        writer.write(json.dumps({"pid": 1, "services": services}).encode())
        writer.close()

    # not pytest's folders: a socket's path may have 104 bytes
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "control.sock")
        async with await asyncio.start_unix_server(answer, path):
            yield path


def service(name: str, pid: int | None, *, ready: bool = True) -> dict[str, Any]:
    return {"name": name, "state": "running" if pid else "stopped", "pid": pid, "port": None, "ready": ready}


@asynccontextmanager
async def process() -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that stays until it is killed."""
    started = await asyncio.create_subprocess_exec("sleep", "600")
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.wait()
