"""Topics of tasks on a real socket: the same events as over SSE, many on one connection."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from time import monotonic
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.streams.cursor import ENDING
from tests.people import Person
from tests.server import Server, serve
from tests.streams.socket import socket
from tests.tasks.test_stream import watch
from tests.tasks.workers import Desk, Script


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[Server]:
    async with serve() as server:
        yield server


async def test_a_task_is_watched_to_its_end(server: Server, desk: Desk, person: Person) -> None:
    task_id = await desk.task()
    topic = f"task:{task_id}"

    async with socket(server, person) as client:
        await client.subscribe(topic)
        await client.until("snapshot")
        async with desk.worker(Script("one ", "🌱", " two")):
            await client.until("unsubscribed")

    assert client.types == [
        "welcome", "subscribed", "snapshot", "reset", "task_update", "token", "token", "token", "task_finished",
        "unsubscribed",
    ]  # fmt: skip
    assert client.messages[0]["heartbeat_seconds"] == 8
    assert client.messages[1] == {"type": "subscribed", "topic": topic, "cursor": None}
    events = client.events(topic)
    assert [event["cursor"] for event in events] == ["0-0", None, "1-1", "1-2", "1-3", "1-4", f"1-{ENDING}"]
    assert "".join(event["event"].get("text", "") for event in events) == "one 🌱 two"


async def refused(server: Server, person: Person | None, **options: Any) -> tuple[int, dict[str, Any]]:
    with pytest.raises(InvalidStatus) as caught:
        async with socket(server, person, **options):
            pass
    response = caught.value.response
    assert response.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = json.loads(response.body or b"")
    assert problem["request_id"] == response.headers["X-Request-Id"]
    return response.status_code, problem


async def test_nobody_without_a_session_gets_a_socket(server: Server) -> None:
    status, problem = await refused(server, None)

    assert (status, problem["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
async def test_another_site_gets_no_socket(server: Server, person: Person, origin: str | None) -> None:
    status, problem = await refused(server, person, origin=origin)

    assert (status, problem["code"]) == (403, "cross_site")


async def test_a_session_that_ended_elsewhere_gets_no_socket(server: Server, person: Person) -> None:
    cookies = httpx.Cookies(person.browser.cookies)
    await person.browser.post("/api/v1/auth/logout")
    person.browser.cookies = cookies

    async with asyncio.timeout(10):
        with suppress(InvalidStatus):
            async with socket(server, person) as client:  # until its process has heard of it
                assert await client.closed() == 4401
    assert (await refused(server, person))[0] == 401


async def test_somebody_else_s_task_is_not_found(server: Server, desk: Desk, stranger: Person) -> None:
    task_id = await desk.task()

    async with socket(server, stranger) as client:
        await client.subscribe(f"task:{task_id}")
        assert (await client.until("error"))["code"] == "not_found"


async def test_a_message_of_megabytes_costs_the_socket_and_nothing_else(server: Server, person: Person) -> None:
    async with socket(server, person) as client:
        await client.connection.send("x" * 900_000)
        assert (await client.until("error"))["code"] == "invalid_message"
        with suppress(ConnectionClosed):  # the server may refuse it before all of it is sent
            await client.connection.send("x" * 3_000_000)
        assert await client.closed() == 1009

    async with socket(server, person) as client:
        await client.until("welcome")


async def test_the_twenty_first_socket_of_a_user_is_one_too_many(
    server: Server, person: Person, stranger: Person
) -> None:
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(socket(server, person)) for _ in range(20)]
        for client in clients:
            await client.until("welcome")
        async with socket(server, person) as one_more, socket(server, stranger) as other:
            assert await one_more.closed() == 4429
            await other.until("welcome")
        await clients[0].connection.close()

        async with asyncio.timeout(5):
            while await opened(server, person) == 4429:
                pass  # the server hears of the close a moment later


async def opened(server: Server, person: Person) -> int | None:
    """The code with which a new socket is closed at once, or None."""
    async with socket(server, person) as client:
        try:
            await client.next()
        except ConnectionClosed:
            return client.connection.close_code
    return None


async def test_signing_out_closes_sockets_and_streams_within_a_second(
    server: Server, desk: Desk, person: Person, stranger: Person
) -> None:
    task_id = await desk.task()

    async with (
        socket(server, person) as client,
        socket(server, stranger) as other,
        watch(server, person, task_id) as watching,
    ):
        await client.subscribe(f"task:{task_id}")
        await client.until("snapshot")
        await watching.until("snapshot")
        await person.browser.post("/api/v1/auth/logout")
        began = monotonic()
        code, _ = await asyncio.gather(client.closed(), watching.until())
        seconds = monotonic() - began
        await other.send(type="unsubscribe", topic="feed")
        await other.until("unsubscribed")

    assert code == 4401
    assert seconds < 1.2  # 0.8 s and a query, on a machine that has other things to do, too


async def test_a_process_that_leaves_closes_its_sockets_with_1012(desk: Desk, person: Person) -> None:
    task_id = await desk.task()

    async with serve() as leaving, socket(leaving, person) as client:
        await client.subscribe(f"task:{task_id}")
        await client.until("snapshot")
        seconds = await leaving.terminate()
        code = await client.closed()

    assert code == 1012
    assert seconds < 5


async def test_a_task_goes_on_at_its_cursor_on_another_socket(server: Server, desk: Desk, person: Person) -> None:
    topic = f"task:{await desk.task()}"
    script = Script("one", goes_on=True)

    async with AsyncExitStack() as stack:
        async with socket(server, person) as client:
            await client.subscribe(topic)
            await client.until("snapshot")
            await stack.enter_async_context(desk.worker(script))
            cursor = (await client.until("token"))["cursor"]
        script.more.put_nowait(" two")
        async with socket(server, person) as client:
            await client.subscribe(topic, cursor)
            token = await client.until("token")

    assert client.messages[1] == {"type": "subscribed", "topic": topic, "cursor": cursor}
    assert client.types == ["welcome", "subscribed", "token"]
    assert token["event"] == {"type": "token", "offset": 3, "text": " two"}
