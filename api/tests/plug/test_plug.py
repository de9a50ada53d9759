"""Killing parts over HTTP."""

import asyncio
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.core.db import Database
from app.main import build, create_app, document
from app.settings import Settings
from tests.people import Person, browser, register
from tests.plug.launcher import launcher, process, service
from tests.problems import problem

KILL_WORKER = "/api/v1/plug/worker/kill"


def app_in(settings: Settings, db: Database, environment: str, control: str) -> FastAPI:
    """The app as it is in an environment, beside a launcher."""
    site = settings.app.model_copy(update={"environment": environment, "control_socket": control})
    app = create_app(
        Settings(**{name: getattr(settings, name) for name in Settings.__slots__ if name != "app"}, app=site)
    )
    app.state.db = db
    return app


@asynccontextmanager
async def developer(settings: Settings, db: Database, *services: dict[str, Any]) -> AsyncIterator[Person]:
    """Somebody who is signed in to a development stack that runs these."""
    async with launcher(*services) as control, register(app_in(settings, db, "development", control)) as person:
        yield person


async def test_the_parts_are_as_the_launcher_says(settings: Settings, db: Database) -> None:
    services = [service("postgres", 1), service("api", 2), service("worker", 3, ready=False), service("valkey", None)]
    async with developer(settings, db, *services) as person:
        answer = await person.browser.get("/api/v1/plug")

    assert answer.json() == {
        "items": [
            {"name": "api", "pid": 2, "ready": True},
            {"name": "worker", "pid": 3, "ready": False},
            {"name": "valkey", "pid": None, "ready": True},
        ]
    }


async def test_a_kill_ends_the_process_that_the_launcher_names(settings: Settings, db: Database) -> None:
    async with process() as victim, process() as other:
        services = [service("api", other.pid), service("worker", victim.pid)]
        async with developer(settings, db, *services) as person:
            answer = await person.browser.post(KILL_WORKER)

        assert answer.status_code == 202
        assert answer.json() == {"name": "worker", "pid": victim.pid, "ready": True}
        assert await victim.wait() == -signal.SIGKILL
        assert other.returncode is None


async def test_a_part_without_a_process_of_ours_is_not_killed(settings: Settings, db: Database) -> None:
    async with developer(settings, db, service("worker", None)) as person:
        problem(await person.browser.post(KILL_WORKER), 409, "part_is_down")


async def test_nothing_else_can_be_killed(settings: Settings, db: Database) -> None:
    async with process() as victim, developer(settings, db, service("postgres", victim.pid)) as person:
        problem(await person.browser.post("/api/v1/plug/postgres/kill"), 404, "not_found")

        assert victim.returncode is None


async def test_without_its_launcher_it_is_unavailable(settings: Settings, db: Database) -> None:
    async with register(app_in(settings, db, "development", "/nowhere.sock")) as person:
        problem(await person.browser.get("/api/v1/plug"), 503, "unavailable")
        problem(await person.browser.post(KILL_WORKER), 503, "unavailable")


async def test_a_launcher_that_leaves_without_an_answer_is_unavailable(settings: Settings, db: Database) -> None:
    async def leave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.close()

    with tempfile.TemporaryDirectory() as folder:
        control = f"{folder}/control.sock"
        async with (
            await asyncio.start_unix_server(leave, control),
            register(app_in(settings, db, "development", control)) as person,
        ):
            problem(await person.browser.get("/api/v1/plug"), 503, "unavailable")


async def test_only_somebody_signed_in_on_the_site_itself_may_kill(settings: Settings, db: Database) -> None:
    async with process() as victim, developer(settings, db, service("worker", victim.pid)) as person:
        async with browser(person.browser._transport.app) as nobody:  # type: ignore[attr-defined]
            problem(await nobody.get("/api/v1/plug"), 401, "unauthenticated")
            problem(await nobody.post(KILL_WORKER), 401, "unauthenticated")
        elsewhere = await person.browser.post(KILL_WORKER, headers={"Origin": "https://elsewhere.example"})
        problem(elsewhere, 403, "cross_site")
        problem(await person.browser.get(KILL_WORKER), 405, "method_not_allowed")

        assert victim.returncode is None


@pytest.mark.parametrize("environment", ["test", "staging", "production"])
async def test_outside_development_the_addresses_do_not_exist(
    settings: Settings, db: Database, environment: str
) -> None:
    async with (
        process() as victim,
        launcher(service("worker", victim.pid)) as control,
        register(app_in(settings, db, environment, control)) as person,
    ):
        problem(await person.browser.get("/api/v1/plug"), 404, "not_found")
        problem(await person.browser.post(KILL_WORKER), 404, "not_found")

        assert victim.returncode is None


async def test_the_public_contract_does_not_know_them(settings: Settings, db: Database) -> None:
    async with browser(app_in(settings, db, "development", "/nowhere.sock")) as client:
        served: httpx.Response = await client.get("/api/openapi.json")

    assert served.json() == document(build())
    assert not any("plug" in path for path in served.json()["paths"])
