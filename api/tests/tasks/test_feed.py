"""The feed: every change of every task, densely numbered, in the order in which it could be seen."""

import asyncio
import random
from uuid import UUID

from sqlalchemy import text

from app.core.db import Database
from app.tasks.feed import with_feed
from tests.people import Person

TOUCH = with_feed(
    # locked in order: a worker skips rows that are locked, here two writers would wait for each other
    """
    UPDATE tasks SET attempt = tasks.attempt + 1
    FROM (SELECT id FROM tasks WHERE id = ANY(:ids) ORDER BY id FOR UPDATE) AS chosen
    WHERE tasks.id = chosen.id
    RETURNING tasks.*
    """,
    "'feed_updated'",
)


async def feed(db: Database, person: Person) -> list[tuple[int, str, str, str]]:
    async with db.autocommit() as connection:
        query = text("SELECT seq, type, status, task_id FROM feed WHERE user_id = :user ORDER BY seq")
        rows = await connection.execute(query, {"user": person.id})
        return [(row.seq, row.type, row.status, str(row.task_id)) for row in rows]


async def test_a_task_s_life_is_told_in_order(person: Person, db: Database) -> None:
    task_id = (await person.create_task())["id"]
    await person.browser.post(f"/api/v1/tasks/{task_id}/cancel")
    await person.browser.post(f"/api/v1/tasks/{task_id}/cancel")
    await person.browser.delete(f"/api/v1/tasks/{task_id}")

    assert await feed(db, person) == [
        (1, "feed_created", "queued", task_id),
        (2, "feed_finished", "cancelled", task_id),
        (3, "feed_deleted", "cancelled", task_id),
    ]


async def test_a_repeated_post_is_no_news(person: Person, db: Database) -> None:
    for _ in range(3):
        await person.create_task(**{"Idempotency-Key": "k"})

    assert [kind for _, kind, _, _ in await feed(db, person)] == ["feed_created"]


async def test_24_writers_leave_no_hole_and_a_reader_that_follows_misses_nothing(
    person: Person, stranger: Person, db: Database
) -> None:
    tasks = [(await owner.create_task())["id"] for owner in (person, stranger) for _ in range(4)]
    writing, seen = True, list[int]()

    async def write(seed: int) -> None:
        choose = random.Random(seed)
        for _ in range(10):
            async with db.autocommit() as connection:  # several tasks of both users in one statement
                await connection.execute(text(TOUCH), {"ids": [UUID(task) for task in choose.sample(tasks, 3)]})

    async def follow() -> None:
        while writing:
            async with db.autocommit() as connection:
                query = text("SELECT seq FROM feed WHERE user_id = :user AND seq > :seq ORDER BY seq")
                rows = await connection.execute(query, {"user": person.id, "seq": seen[-1] if seen else 0})
                seen.extend(rows.scalars())

    following = asyncio.create_task(follow())
    await asyncio.gather(*(write(seed) for seed in range(24)))
    all_rows = [await feed(db, owner) for owner in (person, stranger)]
    writing = False
    await following

    assert sum(map(len, all_rows)) == 8 + 24 * 10 * 3
    for rows in all_rows:
        assert [seq for seq, *_ in rows] == list(range(1, len(rows) + 1))
    assert seen == list(range(1, len(seen) + 1))
    assert len(seen) > 4
