"""The feed on a real socket: every change of one's own tasks, in order, none lost, whatever is away meanwhile."""

from collections.abc import AsyncIterator
from time import monotonic

import pytest

from tests.people import Person
from tests.server import Server, serve
from tests.streams.socket import SocketClient, socket
from tests.tasks.workers import Desk, Script


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[Server]:
    async with serve() as server:
        yield server


def said(client: SocketClient) -> list[tuple[str | None, str]]:
    """The feed's events with their cursors."""
    return [(event["cursor"], event["event"]["type"]) for event in client.events("feed")]


async def head(desk: Desk) -> int:
    rows = await desk.execute("SELECT seq FROM feed_heads WHERE user_id = :user", user=desk.owner)
    return rows[0].seq if rows else 0


async def test_a_task_s_life_is_told_as_it_happens(server: Server, desk: Desk, person: Person) -> None:
    async with socket(server, person) as client:
        await client.subscribe("feed")
        assert await client.until("subscribed") == {"type": "subscribed", "topic": "feed", "cursor": "0"}
        task = await person.create_task()
        async with desk.worker(Script("all")):
            await client.until("feed_finished")
        await person.browser.delete(f"/api/v1/tasks/{task['id']}")
        await client.until("feed_deleted")

    assert said(client) == [
        ("1", "feed_created"), ("2", "feed_updated"), ("3", "feed_finished"), ("4", "feed_deleted"),
    ]  # fmt: skip
    assert client.events("feed")[1]["event"] == {
        "type": "feed_updated", "task_id": task["id"], "status": "running", "attempt": 1,
    }  # fmt: skip


async def test_a_change_rings_and_is_told_at_once(server: Server, desk: Desk, person: Person) -> None:
    times = []
    async with socket(server, person) as client:
        await client.subscribe("feed")
        await client.until("subscribed")
        for _ in range(3):
            task = await person.create_task()
            began = monotonic()
            await client.until("feed_created", task_id=task["id"])
            times.append(monotonic() - began)
            await person.browser.post(f"/api/v1/tasks/{task['id']}/cancel")
            await client.until("feed_finished", task_id=task["id"])

    assert max(times) < 0.5, "not by the look of every 2 s"
