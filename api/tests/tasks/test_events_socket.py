"""Topics of tasks on a real socket: the same events as over SSE, many on one connection."""

from collections.abc import AsyncIterator

import pytest

from app.streams.cursor import ENDING
from tests.people import Person
from tests.server import Server, serve
from tests.streams.socket import socket
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
