"""What every test may use: real Postgres and Valkey, the app, and people who are signed in to it."""

import os
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from redis.asyncio import Redis

from app.core.db import Database
from app.core.ids import new_id
from app.core.limits import Limiter
from app.core.valkey import connect
from app.main import create_app
from app.settings import Settings, get_settings
from tests.people import Person, browser, register


def pytest_configure() -> None:
    if "SLIPSTREAM_TEST_SERVERS" not in os.environ:
        pytest.exit("These tests need servers of their own, which `make test-api ARGS=…` starts.", returncode=2)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves every second file to the process beside this one, where there are two."""
    if half := os.environ.get("HALF"):
        files = sorted({item.path for item in items})
        mine = set(files[int(half) - 1 :: 2])
        config.hook.pytest_deselected(items=[item for item in items if item.path not in mine])
        items[:] = [item for item in items if item.path in mine]


@pytest.fixture(scope="session")
def settings() -> Settings:
    return get_settings()


@pytest.fixture(scope="session")
async def db(settings: Settings) -> AsyncIterator[Database]:
    async with Database(settings.database) as database:
        yield database


@pytest.fixture(scope="session")
async def valkey(settings: Settings) -> AsyncIterator[Redis]:
    async with connect(settings.valkey.url, timeout=5, connections=20) as client:
        yield client


@pytest.fixture
def limiter(valkey: Redis, settings: Settings) -> Limiter:
    """Limits that nobody else uses up, for an app of a test's own."""
    return Limiter(valkey, settings.limits, new_id().hex)


@pytest.fixture(scope="session")
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The whole application, started."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on the site in which nobody is signed in."""
    async with browser(app) as client:
        yield client


@pytest.fixture
async def person(app: FastAPI) -> AsyncIterator[Person]:
    """Somebody who is signed in."""
    async with register(app) as person:
        yield person


@pytest.fixture
async def stranger(app: FastAPI) -> AsyncIterator[Person]:
    """Somebody else who is signed in."""
    async with register(app) as person:
        yield person
