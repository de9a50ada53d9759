"""Valkey and worker processes of a test's own, which it may kill, stop, and rob of their files."""

import asyncio
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.core.valkey import connect


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


class Process:
    """A child that can be started again."""

    def __init__(self, *command: str, env: dict[str, str] | None = None) -> None:
        self._command = command
        self._env = {**os.environ, **(env or {})}
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *self._command, env=self._env, stdout=sys.stderr, stderr=sys.stderr
        )

    def send(self, number: signal.Signals) -> None:
        assert self._process
        self._process.send_signal(number)

    @property
    def is_running(self) -> bool:
        """Whether it has not ended since its start."""
        return self._process is not None and self._process.returncode is None

    async def wait(self) -> None:
        assert self._process
        await asyncio.wait_for(self._process.wait(), 15)

    async def kill(self) -> None:
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


class OwnValkey(Process):
    """A Valkey as development runs it: every write is in its file before it is answered."""

    def __init__(self, binary: str, folder: Path) -> None:
        port, password = free_port(), secrets.token_hex(8)
        self.url = f"redis://:{password}@127.0.0.1:{port}/0"
        self._files = folder / "appendonlydir"
        settings = {"port": port, "bind": "127.0.0.1", "requirepass": password, "dir": folder, "appendonly": "yes"}
        configuration = folder / "valkey.conf"
        configuration.write_text("\n".join(f"{name} {value}" for name, value in settings.items()) + '\nsave ""\n')
        super().__init__(binary, str(configuration))

    async def ready(self) -> None:
        until = monotonic() + 10
        async with connect(self.url, timeout=1) as client:
            while True:
                try:
                    await client.ping()
                except (RedisError, OSError):
                    assert monotonic() < until, "Valkey did not start"
                    await asyncio.sleep(0.02)
                else:
                    return

    async def restart(self, *, losing: int = 0) -> None:
        """Kills it and starts it again, without the last `losing` bytes of what it wrote."""
        await self.kill()
        newest = max(self._files.glob("*.incr.aof"), key=lambda path: path.stat().st_mtime_ns)
        os.truncate(newest, newest.stat().st_size - losing)
        await self.start()
        await self.ready()


@asynccontextmanager
async def own_valkey(like: Redis, folder: Path, *, started: bool = True) -> AsyncIterator[OwnValkey]:
    """A Valkey from the same binary as `like`; it runs, unless it is to be started later."""
    binary: str = (await like.info("server"))["executable"]
    valkey = OwnValkey(binary, folder)
    try:
        if started:
            await valkey.start()
            await valkey.ready()
        yield valkey
    finally:
        await valkey.kill()


@asynccontextmanager
async def worker(**env: str) -> AsyncIterator[Process]:
    """A worker as the supervisor runs it; it may take seconds to be ready."""
    async with running("app.run", "worker", **env) as process:
        yield process


@asynccontextmanager
async def running(*module: str, **env: str) -> AsyncIterator[Process]:
    """A process of ours, whether it is ready or not."""
    process = Process(sys.executable, "-m", *module, env=env)
    await process.start()
    try:
        yield process
    finally:
        await process.kill()


def children(pid: int) -> list[int]:
    """The processes that this one started and that serve: not multiprocessing's own helper."""
    lines = [line.split(None, 2) for line in _ps("-A", "-o", "pid=,ppid=,command=").splitlines()]
    return [int(child) for child, parent, command in lines if int(parent) == pid and "resource_tracker" not in command]


def alive(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    state = _ps("-o", "stat=", "-p", str(pid)).strip()
    return bool(state) and not state.startswith("Z")


def _ps(*options: str) -> str:
    return subprocess.run(["ps", *options], capture_output=True, text=True, check=False).stdout  # noqa: S607
