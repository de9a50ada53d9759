"""The feed on a real socket: every change of one's own tasks, in order, none lost, whatever is away meanwhile."""

import asyncio
import random
from collections.abc import AsyncIterator
from time import monotonic
from uuid import UUID

import pytest
from redis.asyncio import Redis
from sqlalchemy import text

from app.core.db import Database
from tests.people import Person
from tests.server import Server, serve
from tests.streams.socket import SocketClient, socket
from tests.tasks.test_feed import TOUCH
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


async def test_nobody_hears_of_another_s_tasks(server: Server, person: Person, stranger: Person) -> None:
    async with socket(server, stranger) as client:
        await client.subscribe("feed")
        await client.until("subscribed")
        await person.create_task()
        mine = await stranger.create_task()
        await client.until("feed_created")

    assert [event["event"]["task_id"] for event in client.events("feed")] == [mine["id"]]


async def test_what_changed_since_a_cursor_is_told_in_order(server: Server, desk: Desk, person: Person) -> None:
    task = await person.create_task()
    for _ in range(500):  # more than two pages of rows
        await desk.execute(TOUCH, ids=[UUID(task["id"])])

    async with socket(server, person) as client:
        await client.subscribe("feed", "1")
        assert (await client.until("subscribed"))["cursor"] == "1"
        await client.until("feed_updated", attempt=500)

    assert said(client) == [(str(seq), "feed_updated") for seq in range(2, 502)]


async def test_the_head_s_cursor_has_nothing_before_the_next_change(server: Server, person: Person) -> None:
    await person.create_task()

    async with socket(server, person) as client:
        await client.subscribe("feed", "1")
        assert (await client.until("subscribed"))["cursor"] == "1"
        await person.create_task()
        await client.until("feed_created")

    assert said(client) == [("2", "feed_created")]


@pytest.mark.parametrize("cursor", ["garbage", "", "-1", "01", "2", "9" * 18, "9" * 150, "1-2"])
async def test_a_cursor_that_can_t_be_followed_is_a_reset(server: Server, person: Person, cursor: str) -> None:
    await person.create_task()

    async with socket(server, person) as client:
        await client.subscribe("feed", cursor)
        assert (await client.until("subscribed"))["cursor"] == "1"
        await client.until("feed_reset")
        await person.create_task()
        await client.until("feed_created")

    assert said(client) == [("1", "feed_reset"), ("2", "feed_created")]


async def test_rows_that_were_pruned_are_a_reset(server: Server, desk: Desk, person: Person) -> None:
    for _ in range(3):
        await person.create_task()
    await desk.execute("DELETE FROM feed WHERE user_id = :user AND seq <= 2", user=person.id)

    async with socket(server, person) as client:
        await client.subscribe("feed", "1")
        assert (await client.until("subscribed"))["cursor"] == "3"
        await client.until("feed_reset")
        await client.subscribe("feed", "2")
        await client.until("feed_created")

    assert said(client) == [("3", "feed_reset"), ("3", "feed_created")]


async def test_a_hole_that_comes_while_one_watches_is_a_reset(server: Server, desk: Desk, person: Person) -> None:
    async with socket(server, person) as client:
        await client.subscribe("feed")
        await client.until("subscribed")
        await desk.execute(
            "INSERT INTO feed_heads (user_id, seq) VALUES (:user, 7)", user=person.id
        )  # rows 1 to 7 came and were pruned, as if the database had been away for an hour
        await client.until("feed_reset")
        await person.create_task()
        await client.until("feed_created")

    assert said(client) == [("7", "feed_reset"), ("8", "feed_created")]


async def test_a_database_that_was_restored_is_a_reset(server: Server, desk: Desk, person: Person) -> None:
    for _ in range(3):
        await person.create_task()

    async with socket(server, person) as client:
        await client.subscribe("feed", "3")
        await client.until("subscribed")
        await desk.execute("DELETE FROM feed WHERE user_id = :user AND seq > 1", user=person.id)
        await desk.execute("UPDATE feed_heads SET seq = 1 WHERE user_id = :user", user=person.id)
        await client.until("feed_reset")

    assert said(client) == [("1", "feed_reset")]


async def test_a_ring_that_was_lost_is_made_up_for_within_two_seconds(
    server: Server, desk: Desk, person: Person, valkey: Redis
) -> None:
    task = await person.create_task()

    async with socket(server, person) as client:
        await client.subscribe("feed")
        await client.until("subscribed")
        await valkey.flushall()
        began = monotonic()
        await desk.execute(TOUCH, ids=[UUID(task["id"])])  # nobody rings
        await client.until("feed_updated")

    assert monotonic() - began < 3


async def test_a_second_subscribe_begins_the_feed_again(server: Server, person: Person) -> None:
    await person.create_task()

    async with socket(server, person) as client:
        for _ in range(2):
            await client.subscribe("feed", "0")
            await client.until("feed_created")
        await person.create_task()
        await client.until("feed_created")
        await client.send(type="unsubscribe", topic="feed")
        await client.until("unsubscribed")
        await person.create_task()
        await client.subscribe("feed", "3")
        await client.until("subscribed")

    assert [cursor for cursor, _ in said(client)] == ["1", "1", "2"], "each once, and none after unsubscribed"


async def test_many_writers_and_sockets_that_come_and_go_lose_nothing(
    server: Server, db: Database, desk: Desk, person: Person, stranger: Person
) -> None:
    tasks = [UUID((await owner.create_task())["id"]) for owner in (person, stranger) for _ in range(3)]
    last = 3 + 12 * 15  # every statement touches one of the person's

    async def write(seed: int) -> None:
        choose = random.Random(seed)
        for _ in range(15):
            async with db.autocommit() as connection:
                ids = [choose.choice(tasks[:3]), *choose.sample(tasks[3:], choose.randrange(3))]
                await connection.execute(text(TOUCH), {"ids": ids})
                await asyncio.sleep(choose.random() / 50)

    async def follow(seed: int) -> list[str]:
        """A client that is cut off again and again and comes back with its cursor."""
        choose, cursor, got = random.Random(seed), "0", list[str]()
        while cursor != str(last):
            async with socket(server, person) as client:
                await client.subscribe("feed", cursor)
                for _ in range(choose.randrange(1, 60)):
                    if cursor == str(last):
                        break
                    message = await client.next()
                    if message["type"] == "event":
                        cursor = message["cursor"]
                        got.append(cursor)
        return got

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        followers = [group.create_task(follow(seed)) for seed in range(4)]
        for seed in range(12):
            group.create_task(write(seed))

    assert all(task.result() == [str(seq) for seq in range(1, last + 1)] for task in followers)
