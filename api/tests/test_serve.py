"""The API's process, and several of them: whom they believe, and how they leave."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from time import monotonic

import httpx
import pytest

from tests.people import Person
from tests.processes import alive, children
from tests.server import serve


async def test_several_processes_drain_and_leave_together(person: Person) -> None:
    task_id = (await person.create_task())["id"]
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in person.browser.cookies.jar)
    async with serve(API_WORKERS="3") as server, httpx.AsyncClient(timeout=10) as client:
        family = children(server.pid)
        streams = []
        for _ in range(9):
            request = client.build_request(
                "GET", f"{server.url}/api/v1/tasks/{task_id}/stream", headers={"Cookie": cookies}
            )
            streams.append(await client.send(request, stream=True))

        leaving = asyncio.create_task(server.terminate())
        rests = await asyncio.gather(*(stream.aread() for stream in streams))
        seconds = await leaving

    assert len(family) >= 3
    assert not [pid for pid in family if alive(pid)]
    assert seconds < 5
    assert all(b"\nretry: " in rest for rest in rests)  # each was told when to come back


async def test_one_process_is_replaced_when_it_dies(person: Person) -> None:
    async with serve(API_WORKERS="2") as server, httpx.AsyncClient(timeout=10) as client:
        before = set(children(server.pid))
        for pid in before:
            os.kill(pid, signal.SIGKILL)

        until = monotonic() + 30
        while len(now := set(children(server.pid)) - before) < 2 or not await is_ready(client, server.url):
            assert monotonic() < until, (before, now)
            await asyncio.sleep(0.05)


async def is_ready(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(f"{url}/api/readyz")).is_success
    except httpx.TransportError:
        return False


async def test_no_process_stays_without_the_one_above_it() -> None:
    async with serve(API_WORKERS="2") as server:
        family = children(server.pid)
        os.kill(server.pid, signal.SIGKILL)

        until = monotonic() + 10
        while any(alive(pid) for pid in family):
            assert monotonic() < until, "orphans keep the port"
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("module", [["app.serve"], ["app.run", "worker"], ["app.run", "beat"]])
async def test_wrong_settings_are_one_answer_without_a_traceback(module: list[str]) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *module, env={**os.environ, "TASK_LEASE": "soon", "API_WORKERS": "0"},
        stderr=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    _, told = await process.communicate()

    assert process.returncode == 1
    assert b"TASK_LEASE" in told
    assert b"API_WORKERS" in told
    assert b"Traceback" not in told
