"""The rows' side of a worker: claims, fences, hand-backs and the sweeper."""

import asyncio
import json
from uuid import UUID

from app.streams.cursor import ENDING, Cursor
from app.tasks.leases import Checkpoint, Claim
from app.tasks.sweeper import Sweeper
from tests.tasks.workers import SETTINGS, Desk


async def expire(desk: Desk, task_id: UUID) -> None:
    await desk.execute("UPDATE tasks SET lease_until = now() - interval '1 s' WHERE id = :id", id=task_id)


async def claim_one(desk: Desk, name: str = "a") -> Claim:
    [claim] = await desk.leases(name).claim(10)
    return claim


def checkpoint(claim: Claim, text: str, seq: int) -> Checkpoint:
    return Checkpoint(claim.id, claim.attempt, text, seq, tokens=1, progress=0.5)


async def test_a_claim_starts_the_next_attempt_from_nothing(desk: Desk) -> None:
    task_id = await desk.task()

    claim = await claim_one(desk)

    row = await desk.row(task_id)
    assert claim == (task_id, 1, row.prompt)
    assert (row.status, row.attempt, row.text, row.cursor_seq, row.worker) == ("running", 1, "", 0, "a")
    assert await desk.feed() == [(1, "feed_updated", 1)]


async def test_two_workers_never_claim_the_same_row(desk: Desk) -> None:
    tasks = {await desk.task() for _ in range(20)}

    claimed = await asyncio.gather(*(desk.leases(name).claim(5) for name in "abcdef"))

    ids = [claim.id for claims in claimed for claim in claims]
    assert len(ids) == len(set(ids))
    assert set(ids) <= tasks
    assert [seq for seq, _, _ in await desk.feed()] == list(range(1, len(ids) + 1))


async def test_a_worker_claims_no_more_than_it_has_room_for(desk: Desk) -> None:
    first, second = await desk.task(), await desk.task()

    [claim] = await desk.leases().claim(1)

    assert claim.id == first
    assert (await desk.row(second)).status == "queued"


async def test_what_was_cut_off_comes_first_and_then_as_much_of_the_queue_as_there_is_room_for(desk: Desk) -> None:
    cut_off = [await desk.task(), await desk.task()]
    await desk.leases().claim(2)
    for task_id in cut_off:
        await expire(desk, task_id)
    queued = [await desk.task() for _ in range(3)]

    claims = await desk.leases("b").claim(3)

    assert {claim.id for claim in claims} == {*cut_off, queued[0]}
    assert {(await desk.row(task_id)).status for task_id in queued[1:]} == {"queued"}


async def test_a_lease_that_ran_out_is_claimed_and_counted(desk: Desk) -> None:
    task_id = await desk.task()
    await claim_one(desk)
    assert await desk.leases("b").claim(10) == []
    await expire(desk, task_id)

    again = await claim_one(desk, "b")

    assert again.attempt == 2
    assert (await desk.row(task_id)).expired_leases == 1


async def test_a_task_handed_back_is_claimed_at_once_and_not_counted(desk: Desk) -> None:
    task_id = await desk.task()
    await desk.leases().hand_back([await claim_one(desk)])

    again = await claim_one(desk, "b")

    assert again.attempt == 2
    assert (await desk.row(task_id)).expired_leases == 0


async def test_every_write_of_an_older_attempt_is_refused(desk: Desk) -> None:
    task_id = await desk.task()
    zombie = await claim_one(desk)
    await expire(desk, task_id)
    await claim_one(desk, "b")
    leases = desk.leases()

    await leases.checkpoint([checkpoint(zombie, "late", 9)])
    extended = await leases.extend([zombie])
    finished = await leases.finish(zombie, status="completed", text="late", result=None, error=None, tokens=1)
    await leases.hand_back([zombie])

    row = await desk.row(task_id)
    assert extended == set()
    assert finished is None
    assert not await leases.confirm(*zombie[:2])
    assert (row.status, row.attempt, row.text, row.worker) == ("running", 2, "", "b")


async def test_a_checkpoint_never_goes_back(desk: Desk) -> None:
    task_id = await desk.task()
    claim = await claim_one(desk)

    await desk.leases().checkpoint([checkpoint(claim, "ab", 3)])
    await desk.leases().checkpoint([checkpoint(claim, "a", 2)])

    row = await desk.row(task_id)
    assert (row.text, row.cursor_seq) == ("ab", 3)


async def test_the_ending_is_in_row_and_feed_or_in_neither(desk: Desk) -> None:
    task_id = await desk.task()
    claim = await claim_one(desk)

    row = await desk.leases().finish(claim, status="completed", text="all", result=None, error=None, tokens=3)

    assert row is not None
    assert (row.status, row.text, row.cursor_seq, row.tokens_used) == ("completed", "all", ENDING, 3)
    assert (await desk.row(task_id)).finished_at is not None
    assert await desk.feed() == [(1, "feed_updated", 1), (2, "feed_finished", 1)]


async def test_a_commit_whose_answer_was_lost_is_found_again(desk: Desk) -> None:
    await desk.task()
    claim = await claim_one(desk)
    leases = desk.leases()
    await leases.finish(claim, status="completed", text="all", result=None, error=None, tokens=3)

    again = await leases.finish(claim, status="completed", text="all", result=None, error=None, tokens=3)
    found = await leases.finished(claim)

    assert again is None
    assert found is not None
    assert found.text == "all"


async def test_the_sweeper_fails_a_task_whose_attempts_are_used_up(desk: Desk) -> None:
    task_id = await desk.task()
    for _ in range(SETTINGS.max_attempts):
        await claim_one(desk)
        await expire(desk, task_id)
    assert await desk.leases().claim(10) == []

    swept = await asyncio.gather(*(Sweeper(desk.leases(), desk.log, SETTINGS).sweep() for _ in range(3)))

    row = await desk.row(task_id)
    [entry] = await desk.events(task_id)
    assert sum(swept) == 1
    assert (row.status, row.error["code"]) == ("failed", "attempts_exhausted")
    assert entry.cursor == Cursor(SETTINGS.max_attempts, ENDING)
    assert entry.record.after is None
    assert json.loads(entry.record.data)["error"]["code"] == "attempts_exhausted"
    assert (await desk.feed())[-1][1] == "feed_finished"


async def test_a_task_that_was_handed_back_is_never_swept(desk: Desk) -> None:
    task_id = await desk.task()
    for _ in range(SETTINGS.max_attempts - 1):
        await claim_one(desk)
        await expire(desk, task_id)
    await desk.leases().hand_back([await claim_one(desk)])

    swept = await Sweeper(desk.leases(), desk.log, SETTINGS).sweep()

    assert swept == 0
    assert (await claim_one(desk)).id == task_id
