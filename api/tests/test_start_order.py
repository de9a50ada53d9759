"""Servers that come later, go and come back: nothing has to be started again, and the probes tell the truth."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import pytest
import structlog
from redis.asyncio import Redis

from app.settings import Settings
from tests.processes import OwnValkey, Process, free_port, own_valkey, running
from tests.proxy import proxy

log = structlog.get_logger(__name__)

JOBS = 2  # as many as beat has
COMMANDS = {"api": ["app.serve"], "worker": ["app.run", "worker"], "beat": ["app.run", "beat"]}


class Part:
    """One of the processes, and what its probe says."""

    def __init__(self, kind: str, process: Process, env: dict[str, str]) -> None:
        self.kind = kind
        self.process = process
        self._env = env

    async def complaint(self) -> str:
        """What is wrong with it, or nothing."""
        probe = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "app.probe",
            self.kind,
            env={**os.environ, **self._env},
            stderr=asyncio.subprocess.PIPE,
        )
        _, told = await probe.communicate()
        assert (probe.returncode == 0) == (not told), told
        return told.decode()


@pytest.fixture
async def valkey_of_its_own(valkey: Redis, tmp_path: Path) -> AsyncIterator[OwnValkey]:
    """One that doesn't run yet."""
    async with own_valkey(valkey, tmp_path, started=False) as own:
        yield own


async def start(stack: AsyncExitStack, folder: Path, **env: str) -> list[Part]:
    parts = []
    for kind, command in COMMANDS.items():
        own = {**env, "API_PORT": str(free_port()), "HEALTH_FILE": str(folder / f"{kind}.health")}
        parts.append(Part(kind, await stack.enter_async_context(running(*command, **own)), own))
    return parts


async def until(parts: list[Part], condition: Callable[[str], bool], within: float) -> None:
    """Waits until the condition holds for the complaints of all."""
    began = monotonic()
    while complaints := {part.kind: told for part in parts if not condition(told := await part.complaint())}:
        assert monotonic() - began < within, complaints
        await asyncio.sleep(0.1)
    assert all(part.process.is_running for part in parts)
    log.info("probed", parts=[part.kind for part in parts], seconds=round(monotonic() - began, 1))


def is_well(complaint: str) -> bool:
    return not complaint


def lacks(check: str) -> Callable[[str], bool]:
    return lambda complaint: f"{check}='down'" in complaint or f'"{check}":"down"' in complaint


@pytest.mark.long
async def test_all_wait_for_a_late_valkey_and_outlive_its_absence(valkey_of_its_own: OwnValkey, tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        parts = await start(stack, tmp_path, REDIS_URL=valkey_of_its_own.url)
        await until(parts, lacks("valkey"), 60)

        await valkey_of_its_own.start()
        await until(parts, is_well, 15)

        await valkey_of_its_own.kill()
        await until(parts, lacks("valkey"), 15)
        await valkey_of_its_own.start()
        await until(parts, is_well, 15)


@pytest.mark.long
async def test_all_wait_for_a_late_postgres(settings: Settings, valkey_of_its_own: OwnValkey, tmp_path: Path) -> None:
    url, port = urlsplit(settings.database.url.get_secret_value()), free_port()
    late = url._replace(netloc=f"{url.username}:{url.password}@127.0.0.1:{port}").geturl()
    await valkey_of_its_own.start()
    async with AsyncExitStack() as stack:
        parts = await start(stack, tmp_path, REDIS_URL=valkey_of_its_own.url, DATABASE_URL=late)
        migration = await stack.enter_async_context(
            running("app.migrate", DATABASE_URL=late, MIGRATION_DATABASE_URL="")
        )
        await until(parts, lacks("database"), 60)
        assert migration.is_running

        async with proxy(str(url.hostname), url.port or 5432, at=port):
            await until(parts, is_well, 15)
            await migration.wait()


async def test_two_beats_send_a_job_once(valkey_of_its_own: OwnValkey, tmp_path: Path) -> None:
    await valkey_of_its_own.start()
    await valkey_of_its_own.ready()
    async with Redis.from_url(valkey_of_its_own.url.removesuffix("/0") + "/1") as broker, AsyncExitStack() as stack:
        beats = []
        for name in ("a", "b"):
            env = {"REDIS_URL": valkey_of_its_own.url, "HEALTH_FILE": str(tmp_path / name)}
            beats.append(Part("beat", await stack.enter_async_context(running("app.run", "beat", **env)), env))
        await until(beats, is_well, 60)  # each has looked at its schedule

        assert await length(broker) == JOBS

        env = {"REDIS_URL": valkey_of_its_own.url, "HEALTH_FILE": str(tmp_path / "c")}
        again = Part("beat", await stack.enter_async_context(running("app.run", "beat", **env)), env)
        await until([again], is_well, 60)
        assert await length(broker) == JOBS


def length(broker: Redis) -> Awaitable[int]:
    result: Awaitable[int] = broker.llen("slipstream:celery:slipstream")
    return result
