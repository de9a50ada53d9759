"""Migrations as a process: whoever waits for it must not take an interrupted one for a finished one."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from app.settings import Settings
from tests.processes import free_port


@asynccontextmanager
async def migrating(url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    env = {**os.environ, "DATABASE_URL": url, "MIGRATION_DATABASE_URL": "", "LOG_FORMAT": "json"}
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app.migrate", env=env, stdout=pipe, stderr=pipe
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_a_migration_that_is_ended_has_not_succeeded() -> None:
    async with migrating(f"postgresql://app:x@127.0.0.1:{free_port()}/app") as process:
        assert process.stdout
        async with asyncio.timeout(30):
            while b"waiting for postgres" not in await process.stdout.readline():
                assert process.returncode is None
            process.send_signal(signal.SIGTERM)

            assert await process.wait() == 143


async def test_a_refusal_is_told_at_once_without_a_traceback(settings: Settings) -> None:
    url = urlsplit(settings.database.url.get_secret_value())
    nobody = url._replace(netloc=f"nobody:wrong@{url.hostname}:{url.port}").geturl()

    async with migrating(nobody) as process, asyncio.timeout(30):
        _, told = await process.communicate()

    assert process.returncode == 1
    assert told.startswith(b"Postgres can't be asked: InvalidPasswordError")
    assert b"Traceback" not in told
