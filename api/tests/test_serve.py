"""The API's process, and several of them: whom they believe, and how they leave."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from time import monotonic

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.people import Person
from tests.processes import alive, children, free_port
from tests.server import serve


@pytest.mark.long
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
    assert seconds < 5
    await gone(family)
    assert all(b"\nretry: " in rest for rest in rests)  # each was told when to come back


@pytest.mark.long
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


@pytest.mark.long
async def test_no_process_stays_without_the_one_above_it() -> None:
    async with serve(API_WORKERS="2") as server:
        family = children(server.pid)
        os.kill(server.pid, signal.SIGKILL)

        await gone(family)


async def gone(family: list[int]) -> None:
    until = monotonic() + 10
    while any(alive(pid) for pid in family):
        assert monotonic() < until, "orphans keep the port"
        await asyncio.sleep(0.05)


@pytest.mark.long
@pytest.mark.parametrize("workers", ["1", "2"])
async def test_an_application_that_cannot_be_made_ends_the_server(workers: str, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['app.main'] = None\n")
    broken = {"PYTHONPATH": str(tmp_path), "API_PORT": str(free_port()), "API_WORKERS": workers}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "app.serve", env={**os.environ, **broken})

    assert await asyncio.wait_for(process.wait(), 60) == 3


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


FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Real-IP": "203.0.113.10",
    "Forwarded": "for=203.0.113.11;proto=https;host=evil.example",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Client-IP": "203.0.113.12",
    "True-Client-IP": "203.0.113.13",
}


@pytest.mark.parametrize(("behind", "believed"), [("0", set[str]()), ("1", {"X-Forwarded-For"})])
async def test_a_client_is_who_connects_or_whom_our_own_proxy_names(
    tmp_path: Path, behind: str, believed: set[str]
) -> None:
    log = tmp_path / "log"
    async with serve(log, BEHIND_PROXY=behind, LOG_FORMAT="json") as server, httpx.AsyncClient() as client:
        for header, value in FORGED.items():
            answer = await client.get(f"{server.url}/api/nowhere/{header}", headers={header: value})
            assert "server" not in answer.headers
        with pytest.raises(InvalidStatus):
            async with connect(f"{server.url.replace('http', 'ws', 1)}/ws/events?secret=1", additional_headers=FORGED):
                pass
        await server.terminate()

    lines = [json.loads(line) for line in log.read_text().splitlines()]
    clients = {line["path"].split("/")[-1]: line["client"] for line in lines if line["event"] == "request"}
    for header in FORGED:
        assert clients[header] == ("203.0.113.9" if header in believed else "127.0.0.1"), header
    assert clients["events"] == ("203.0.113.9" if believed else "127.0.0.1")
    # a refusal is no error, and a query may be a secret
    assert not [line for line in lines if line["level"] in {"error", "critical"}]
    assert "secret" not in log.read_text()


async def test_plain_http_beyond_this_machine_is_warned_of(tmp_path: Path) -> None:
    log = tmp_path / "log"
    insecure = {"SITE_URL": "http://intranet:8080", "ALLOW_INSECURE_HTTP": "1"}
    async with serve(log, LOG_FORMAT="json", **insecure) as server:
        await server.terminate()

    assert [line for line in log.read_text().splitlines() if '"warning"' in line and "http://intranet:8080" in line]
