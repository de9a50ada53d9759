"""Databases of a test's own, beside the one that the others share."""

import asyncio
import io
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from alembic import command
from alembic.config import Config

API = Path(__file__).parents[1]
OWNER, APP = os.environ["MIGRATION_DATABASE_URL"], os.environ["DATABASE_URL"]
SUPERUSER = os.environ["TEST_SUPERUSER_DATABASE_URL"]


def at(url: str, database: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()


@asynccontextmanager
async def created(name: str) -> AsyncIterator[str]:
    """An empty database."""
    server = await asyncpg.connect(SUPERUSER)
    await server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await server.execute(f"CREATE DATABASE {name} OWNER slipstream_owner")
    yield name
    await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await server.close()


async def alembic(
    name: str, *arguments: str, database: str, environ: dict[str, str] | None = None, **options: Any
) -> str:
    """Runs Alembic's command against the database; gives the SQL that it wrote, if it did."""
    urls = {"DATABASE_URL": at(APP, database), "MIGRATION_DATABASE_URL": at(OWNER, database)}
    output = io.StringIO()
    run = getattr(command, name)
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in (urls | (environ or {})).items():
            patch.setenv(variable, value)
        # in a thread: env.py brings an event loop of its own
        await asyncio.to_thread(run, Config(API / "alembic.ini", output_buffer=output), *arguments, **options)
    return output.getvalue()
