"""Life and readiness."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from alembic.script import ScriptDirectory
from fastapi import FastAPI
from pydantic import SecretStr
from redis.asyncio import Redis

from app.core.db import Database
from app.core.valkey import connect
from app.health.checks import Readiness, known_revisions
from app.main import create_app
from app.settings import Settings
from tests.people import browser
from tests.problems import problem


@pytest.fixture
async def other(settings: Settings, db: Database, valkey: Redis) -> FastAPI:
    """An app whose parts a test may take away."""
    app = create_app(settings)
    app.state.db = db
    app.state.hub = SimpleNamespace(is_draining=False, is_well=True)
    app.state.readiness = Readiness(db, valkey)
    return app


@pytest.fixture
async def probe(other: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(other) as client:
        yield client


async def test_a_process_that_can_work_is_ready(client: httpx.AsyncClient) -> None:
    life, ready = await client.get("/api/healthz"), await client.get("/api/readyz")

    assert (life.status_code, life.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()) == (
        200,
        {"checks": {"database": "ok", "valkey": "ok", "migrations": "ok"}},
    )


async def test_without_a_database_it_lives_and_is_not_ready(
    other: FastAPI, probe: httpx.AsyncClient, settings: Settings, valkey: Redis
) -> None:
    away = settings.database.model_copy(update={"url": SecretStr("postgresql://a:b@127.0.0.1:9/nothing")})
    async with Database(away) as db:
        other.state.readiness = Readiness(db, valkey)

        ready, life = await probe.get("/api/readyz"), await probe.get("/api/healthz")

    assert problem(ready, 503, "not_ready")["checks"] == {"database": "down", "valkey": "ok", "migrations": "down"}
    assert ready.headers["retry-after"]
    assert life.status_code == 200


async def test_without_valkey_it_is_not_ready(other: FastAPI, probe: httpx.AsyncClient, db: Database) -> None:
    async with connect("redis://127.0.0.1:9", timeout=1) as away:
        other.state.readiness = Readiness(db, away)

        body = problem(await probe.get("/api/readyz"), 503, "not_ready")

    assert body["checks"] == {"database": "ok", "valkey": "down", "migrations": "ok"}


@pytest.mark.parametrize(
    ("version", "state"), [("'a3c0f1e2b701'", "behind"), ("NULL", "behind"), ("'ffffffffffff'", "ok")]
)
async def test_an_older_schema_is_behind_and_a_newer_one_is_well(
    other: FastAPI, probe: httpx.AsyncClient, db: Database, valkey: Redis,
    monkeypatch: pytest.MonkeyPatch, version: str, state: str,
) -> None:  # fmt: skip
    monkeypatch.setattr("app.health.checks._VERSION", f"SELECT {version}")

    checks = (await probe.get("/api/readyz")).json()["checks"]

    assert checks["migrations"] == state


def test_the_revisions_are_the_ones_that_alembic_knows() -> None:
    scripts = ScriptDirectory(str(Path(__file__).parents[2] / "migrations"))

    head, known = known_revisions()

    assert head == scripts.get_current_head()
    assert known == {script.revision for script in scripts.walk_revisions()}


@pytest.mark.parametrize("hub", [{"is_draining": True, "is_well": True}, {"is_draining": False, "is_well": False}])
async def test_a_process_that_leaves_or_hears_nothing_is_not_ready(
    other: FastAPI, probe: httpx.AsyncClient, hub: dict[str, bool]
) -> None:
    other.state.hub = SimpleNamespace(**hub)

    problem(await probe.get("/api/readyz"), 503, "not_ready")


async def test_a_store_that_hangs_is_down_and_asked_once_whoever_asks(db: Database) -> None:
    asked = 0

    class Hanging:
        async def ping(self) -> None:
            nonlocal asked
            asked += 1
            await asyncio.Event().wait()

    readiness = Readiness(db, cast("Any", Hanging()))

    answers = await asyncio.gather(*(readiness.checks() for _ in range(50)))

    assert {answer.valkey for answer in answers} == {"down"}
    assert asked == 1
