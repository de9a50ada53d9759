"""A task's stream over a real connection."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from app.core.ids import new_id
from app.streams.cursor import ENDING, Cursor
from tests.people import Person
from tests.server import Server, serve
from tests.streams.memory import Client
from tests.tasks.workers import Desk, Script

ENDED = {"task_finished", "task_missing"}


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[Server]:
    async with serve() as server:
        yield server


class Watch:
    """An open stream and what its client has so far."""

    def __init__(self, response: httpx.Response, client: Client) -> None:
        self.response = response
        self.client = client
        self._pieces = response.aiter_bytes()
        self._waiting = b""

    async def until(self, *types: str) -> None:
        """Reads until an event of one of `types` came, or to the end of the body."""
        async for piece in self._pieces:
            *frames, self._waiting = (self._waiting + piece).split(b"\n\n")
            # all of them: a frame that has arrived has arrived
            if set(types) & {kind for frame in frames for kind in self.client.take(frame + b"\n\n")}:
                return


@asynccontextmanager
async def watch(server: Server, person: Person, task_id: object, **kwargs: Any) -> AsyncIterator[Watch]:
    """Opens a task's stream as a browser on the site does."""
    client: Client = kwargs.pop("client", None) or Client()
    async with (
        httpx.AsyncClient(base_url=server.url, cookies=dict(person.browser.cookies), timeout=20) as browser,
        browser.stream("GET", f"/api/v1/tasks/{task_id}/stream", **kwargs) as response,
    ):
        yield Watch(response, client)


async def test_a_task_is_watched_to_its_end(server: Server, desk: Desk, person: Person) -> None:
    task_id = await desk.task()

    async with watch(server, person, task_id) as watching:
        await watching.until("snapshot")
        async with desk.worker(Script("one ", "🌱", " two")):
            await watching.until(*ENDED)

    headers, client = watching.response.headers, watching.client
    assert watching.response.status_code == 200
    assert headers["content-type"].startswith("text/event-stream")
    assert headers["cache-control"] == "no-cache, no-transform"
    assert headers["x-accel-buffering"] == "no"
    assert "content-length" not in headers
    assert client.types == ["snapshot", "reset", "task_update", "token", "token", "token", "task_finished"]
    assert client.text == (await desk.row(task_id)).text == "one 🌱 two"
    assert client.cursor == Cursor(1, ENDING)


async def test_nothing_follows_the_ending_and_the_server_closes(server: Server, desk: Desk, person: Person) -> None:
    task_id = await desk.task()
    async with desk.worker(Script("all")):
        await desk.finished(task_id)

    async with watch(server, person, task_id) as watching:
        await watching.until()

    assert watching.client.types == ["snapshot", "task_finished"]


async def test_the_cursor_of_the_ending_has_nothing_more(server: Server, desk: Desk, person: Person) -> None:
    task_id = await desk.task()
    async with desk.worker(Script("all")):
        await desk.finished(task_id)

    async with watch(server, person, task_id, params={"cursor": f"1-{ENDING}"}) as watching:
        assert watching.response.status_code == 204


@pytest.mark.parametrize("cursor", ["garbage", "1-", "-1", "9" * 40, "\u00e4"])
async def test_garbage_counts_as_no_cursor(server: Server, desk: Desk, person: Person, cursor: str) -> None:
    task_id = await desk.task()

    async with watch(server, person, task_id, params={"cursor": cursor}) as watching:
        await watching.until("snapshot")

    assert watching.response.status_code == 200
    assert watching.client.types == ["snapshot"]
    assert watching.client.cursor == Cursor(0, 0)


async def test_the_header_wins_over_the_query(server: Server, desk: Desk, person: Person) -> None:
    task_id = await desk.task()
    async with desk.worker(Script("one ", "two ", goes_on=True)):
        await desk.row_when(task_id, lambda row: row.text == "one two ")
        client = Client()
        client.text, client.cursor = "one ", Cursor(1, 2)
        async with watch(
            server, person, task_id, params={"cursor": "0-0"}, headers={"Last-Event-ID": "1-2"}, client=client
        ) as watching:
            await watching.until("token", "snapshot")

    assert client.types == ["token"]
    assert client.text == "one two "


async def test_only_the_owner_may_watch(server: Server, desk: Desk, stranger: Person, person: Person) -> None:
    task_id = await desk.task()

    for who, what in ((stranger, task_id), (person, new_id()), (person, "not-an-id")):
        async with watch(server, who, what) as watching:
            assert watching.response.status_code == 404
            assert watching.response.headers["content-type"] == "application/problem+json"


async def test_another_site_may_not_open_a_stream(server: Server, desk: Desk, person: Person) -> None:
    task_id = await desk.task()

    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        async with watch(server, person, task_id, headers=headers) as watching:
            assert watching.response.status_code == 403


async def test_a_client_that_goes_stops_nothing(server: Server, desk: Desk, person: Person) -> None:
    task_id = await desk.task()
    script = Script("one", goes_on=True)

    async with desk.worker(script):
        async with watch(server, person, task_id) as watching:
            await watching.until("snapshot", "token")
        script.more.put_nowait(" two")
        row = await desk.row_when(task_id, lambda row: row.text == "one two")

    assert row.status == "running"


async def test_a_cancelled_task_ends_its_watchers_at_once(server: Server, desk: Desk, person: Person) -> None:
    task_id = await desk.task()

    async with watch(server, person, task_id) as watching:
        await watching.until("snapshot")
        answer = await person.browser.post(f"/api/v1/tasks/{task_id}/cancel")
        async with asyncio.timeout(1.5):  # below the 2 s after which the row is asked anyway
            await watching.until(*ENDED)

    assert answer.status_code == 202
    assert watching.client.types[-1] == "task_finished"
    assert watching.client.cursor == Cursor(0, ENDING)


async def test_a_deleted_task_ends_its_watchers(server: Server, desk: Desk, person: Person) -> None:
    task_id = await desk.task()

    async with desk.worker(Script("one", goes_on=True)), watch(server, person, task_id) as watching:
        await desk.row_when(task_id, lambda row: row.text == "one")
        assert (await person.browser.delete(f"/api/v1/tasks/{task_id}")).status_code == 204
        async with asyncio.timeout(1.5):
            await watching.until(*ENDED)

    assert watching.client.types[-1] == "task_missing"


async def test_streams_leave_before_the_process_does(desk: Desk, person: Person) -> None:
    task_id = await desk.task()

    async with serve() as leaving, watch(leaving, person, task_id) as watching:
        await watching.until("snapshot")
        seconds = await leaving.terminate()
        await watching.until()

    assert watching.client.types == ["snapshot", "retry"]
    assert seconds < 5
