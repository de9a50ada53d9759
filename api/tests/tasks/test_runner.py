"""A worker at work: from the claim to the ending, and through what can happen in between."""

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from redis.asyncio import Redis
from sqlalchemy import Row, text

from app.generators.base import GeneratorError
from app.settings import TaskSettings
from app.streams.cursor import ENDING, Cursor
from app.streams.log import Append, Entry, key_of
from app.tasks.leases import Checkpoint, Claim
from tests.tasks.workers import SETTINGS, Desk, Script
from tests.tasks.world.processes import Pen


def text_of(entries: list[Entry], attempt: int) -> str:
    """The text that a reader of one attempt has; every offset is checked."""
    text = ""
    for seq, entry in enumerate((entry for entry in entries if entry.cursor.attempt == attempt), start=1):
        if entry.cursor.is_ending:
            break
        assert entry.cursor.seq == seq, "a hole"
        event = json.loads(entry.record.data)
        if event["type"] == "token":
            assert event["offset"] == len(text.encode("utf-16-le")) // 2
            text += event["text"]
    return text


async def test_a_task_is_written_to_its_end(desk: Desk) -> None:
    task_id = await desk.task()

    async with desk.worker(Script("# A plan\n\n", "with 🌱", " in it")):
        row = await desk.finished(task_id)
        entries = await desk.events_when(task_id, lambda entries: entries[-1].cursor.is_ending)

    assert (row.status, row.text, row.tokens_used) == ("completed", "# A plan\n\nwith 🌱 in it", 3)
    assert row.result["title"] == "A plan"
    assert text_of(entries, 1) == row.text
    assert json.loads(entries[0].record.data) == {
        "type": "task_update", "status": "running", "attempt": 1, "progress": 0.0,
    }  # fmt: skip
    ending = json.loads(entries[-1].record.data)
    assert ending["length"] == len(row.text) + 1
    assert ending["result"] == row.result
    assert entries[-1].record.after == entries[-2].cursor.seq


async def test_what_a_generator_gives_is_cleaned_before_it_is_numbered(desk: Desk) -> None:
    task_id = await desk.task()

    async with desk.worker(Script("a\0b", "\ud83c", "\udf31", "\udc00", "\0", "\ud83c")):
        row = await desk.finished(task_id)
        entries = await desk.events_when(task_id, lambda entries: entries[-1].cursor.is_ending)

    assert row.text == "ab🌱\ufffd\ufffd"
    assert text_of(entries, 1) == row.text


async def test_a_generators_refusal_is_the_tasks_error(desk: Desk) -> None:
    task_id = await desk.task()

    async with desk.worker(Script("half", GeneratorError("rate_limited", "Try again later."))):
        row = await desk.finished(task_id)

    assert (row.status, row.text, row.result) == ("failed", "half", None)
    assert row.error == {"code": "rate_limited", "detail": "Try again later."}


async def test_a_broken_generator_says_nothing_of_its_inside(desk: Desk) -> None:
    task_id = await desk.task()

    async with desk.worker(Script("half", KeyError("secret"))):
        row = await desk.finished(task_id)

    assert row.status == "failed"
    assert row.error["code"] == "internal_error"
    assert "secret" not in row.error["detail"]


async def test_the_row_follows_the_stream(desk: Desk) -> None:
    task_id = await desk.task()

    async with desk.worker(Script("one ", "two", goes_on=True)):
        row = await desk.row_when(task_id, lambda row: row.text == "one two")
        entries = await desk.events(task_id)

    assert row.status == "running"
    assert Cursor(row.attempt, row.cursor_seq) == entries[-1].cursor


@pytest.mark.parametrize("change", ["UPDATE tasks SET status = 'cancelled', finished_at = now()", "DELETE FROM tasks"])
async def test_a_cancelled_or_deleted_task_stops_its_generator(desk: Desk, change: str) -> None:
    task_id = await desk.task()
    script = Script("one", goes_on=True)
    settings = SETTINGS.model_copy(update={"lease": timedelta(hours=1), "lease_extend": timedelta(hours=1)})

    async with desk.worker(script, settings=settings):
        await desk.row_when(task_id, lambda row: row.text == "one")
        await desk.execute(f"{change} WHERE id = :id", id=task_id)
        await desk.events_when(task_id, lambda _: script.ends == 1)

    assert not (await desk.events(task_id))[-1].cursor.is_ending


async def test_an_ending_that_somebody_else_committed_names_no_entry(desk: Desk) -> None:
    task_id = await desk.task()
    pen = Pen()
    settings = SETTINGS.model_copy(update={"cancel_check": timedelta(hours=1)})

    async with desk.worker(pen, settings=settings):
        pen.write("one")
        await desk.row_when(task_id, lambda row: row.text == "one")
        await desk.execute(
            f"UPDATE tasks SET status = 'cancelled', finished_at = now(), cursor_seq = {ENDING} WHERE id = :id",
            id=task_id,
        )
        pen.write(" two")
        pen.stop()
        entries = await desk.events_when(task_id, lambda entries: entries[-1].cursor.is_ending)

    assert (await desk.row(task_id)).text == "one"
    assert entries[-1].record.after is None


async def test_a_task_that_another_attempt_has_in_the_log_is_left_at_once(desk: Desk) -> None:
    task_id = await desk.task()
    script = Script("one", goes_on=True)

    async with desk.worker(script):
        await desk.row_when(task_id, lambda row: row.text == "one")
        await desk.log.bury(task_id)
        script.more.put_nowait("two")
        await desk.events_when(task_id, lambda _: script.ends == 1)

    assert [str(entry.cursor) for entry in await desk.events(task_id)][-1] == f"{ENDING}-{ENDING}"


async def test_a_killed_workers_task_goes_on_in_another(desk: Desk) -> None:
    task_id = await desk.task()
    async with desk.worker(Script("wrong", goes_on=True), "a"):
        await desk.row_when(task_id, lambda row: row.text == "wrong")

    async with desk.worker(Script("right"), "b"):
        row = await desk.finished(task_id)
        entries = await desk.events_when(task_id, lambda entries: entries[-1].cursor.is_ending)

    assert (row.attempt, row.text, row.expired_leases) == (2, "right", 1)
    assert text_of(entries, 1) == "wrong"
    assert text_of(entries, 2) == "right"
    assert [entry.cursor for entry in entries if entry.cursor.is_ending] == [Cursor(2, ENDING)]


async def test_a_draining_worker_hands_its_tasks_back(desk: Desk) -> None:
    task_id = await desk.task()
    first = Script("half", goes_on=True)
    async with desk.worker(first, "a") as runner:
        await desk.row_when(task_id, lambda row: row.text == "half")
        await runner.drain()

        async with desk.worker(Script("whole"), "b"):
            row = await desk.finished(task_id)

    assert first.ends == 1
    assert (row.attempt, row.text, row.expired_leases) == (2, "whole", 0)


async def test_what_a_worker_claims_while_it_drains_is_handed_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script("half", goes_on=True)
    claimed, answered = asyncio.Event(), asyncio.Event()
    async with desk.worker(script, "a") as runner:
        claim = runner._leases.claim

        async def slow(room: int) -> list[Claim]:
            if claims := await claim(room):
                claimed.set()
                await answered.wait()
            return claims

        monkeypatch.setattr(runner._leases, "claim", slow)
        task_id = await desk.task()
        runner.ring()
        await claimed.wait()
        draining = asyncio.create_task(runner.drain())
        asyncio.get_running_loop().call_soon(answered.set)
        await draining

    row = await desk.row(task_id)
    assert (row.status, row.worker) == ("running", None)
    assert script.starts == 0


async def test_a_lost_log_is_written_again(desk: Desk, valkey: Redis) -> None:
    task_id = await desk.task()
    script = Script("one ", "two ", goes_on=True)

    async with desk.worker(script):
        await desk.row_when(task_id, lambda row: row.text == "one two ")
        before = await desk.events(task_id)
        await valkey.delete(key_of(task_id))
        script.more.put_nowait("three")
        entries = await desk.events_when(task_id, lambda entries: len(entries) > len(before))

    assert entries[: len(before)] == before
    assert text_of(entries, 1) == "one two three"


async def test_a_lost_tail_is_found_in_a_silence(desk: Desk, valkey: Redis) -> None:
    task_id = await desk.task()

    async with desk.worker(Script("one ", "two", goes_on=True)):
        await desk.row_when(task_id, lambda row: row.text == "one two")
        before = await desk.events(task_id)
        await lose_tail(desk, valkey, task_id, before[:-1])
        entries = await desk.events_when(task_id, lambda entries: len(entries) == len(before))

    assert entries == before


async def lose_tail(desk: Desk, valkey: Redis, task_id: UUID, kept: list[Entry]) -> None:
    await valkey.delete(key_of(task_id))
    await desk.log.append(Append(task_id, 1, 1, [entry.record for entry in kept], may_create=True))


async def test_a_second_ring_does_nothing(desk: Desk) -> None:
    task_id = await desk.task()
    script = Script("once")

    async with desk.worker(script) as runner:
        runner.ring()
        runner.ring()
        row = await desk.finished(task_id)
        runner.ring()

    assert row.attempt == 1
    assert script.starts == 1


async def test_a_full_worker_goes_on_when_it_has_room(desk: Desk) -> None:
    tasks = [await desk.task() for _ in range(30)]
    # it looks by itself only once an hour; and with the leases of production none runs out on a busy machine
    small = TaskSettings(worker_capacity=3, poll=timedelta(hours=1))

    async with desk.worker(Script("quick"), settings=small):
        rows = [await desk.finished(task_id) for task_id in tasks]

    assert {row.status for row in rows} == {"completed"}
    assert [seq for seq, _, _ in await desk.feed()] == list(range(1, 61))


async def test_a_row_that_somebody_holds_delays_no_other_task(desk: Desk) -> None:
    held, other = await desk.task(), await desk.task()
    script = Script("one", goes_on=True)

    def is_longer(row: Row[Any]) -> bool:
        script.more.put_nowait(" two")  # for one of them, in turn
        return len(row.text) > len("one")

    async with desk.worker(script, "a"), desk.db.engine.connect() as holder:
        before = [await desk.row_when(task_id, lambda row: row.text == "one") for task_id in (held, other)]
        await holder.execute(text("SELECT FROM tasks WHERE id = :id FOR UPDATE"), {"id": held})
        await desk.row_when(other, is_longer, within=1.5)
        renewed = await desk.row_when(other, lambda row: row.lease_until > before[1].lease_until, within=1.5)
        await holder.rollback()
        freed = await desk.row_when(held, is_longer)

    assert (renewed.attempt, freed.attempt) == (1, 1)


async def test_a_checkpoint_that_failed_is_made_up_for_in_a_silence(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[Sequence[Checkpoint]] = []
    script = Script("one", goes_on=True)
    async with desk.worker(script) as runner:
        task_id = await desk.task()
        await desk.row_when(task_id, lambda row: row.text == "one")
        checkpoint = runner._leases.checkpoint

        async def failing(checkpoints: Sequence[Checkpoint]) -> set[UUID]:
            if not failures:
                failures.append(checkpoints)
                raise ConnectionError("away")
            return await checkpoint(checkpoints)

        monkeypatch.setattr(runner._leases, "checkpoint", failing)
        script.more.put_nowait(" two")
        row = await desk.row_when(task_id, lambda row: row.text == "one two", within=3)

    assert failures
    assert row.attempt == 1


async def test_a_full_worker_hands_everything_back_in_its_grace(desk: Desk) -> None:
    tasks = {await desk.task() for _ in range(SETTINGS.worker_capacity)}
    script = Script("half", goes_on=True)
    production = TaskSettings()  # its leases outlive the test: what is free was handed back
    async with desk.worker(script, "a", production) as runner:
        for task_id in tasks:
            await desk.row_when(task_id, lambda row: row.text == "half")
        async with asyncio.timeout(4):  # what a worker process gives it
            await runner.drain()

        claimed = {claim.id for claim in await desk.leases("b", production).claim(200)}

    assert claimed == tasks
    assert script.ends == len(tasks)
