"""The append script's answers, against the real store."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis

from app.streams.cursor import ENDING, TOMBSTONE, Cursor
from app.streams.log import Append, EventLog, Record, Verdict, key_of

OK, DUPLICATE, GAP, FENCED = Verdict.OK, Verdict.DUPLICATE, Verdict.GAP, Verdict.FENCED


@pytest.fixture
def log(valkey: Redis) -> EventLog:
    return EventLog(valkey, timedelta(minutes=1))


@pytest.fixture
def document() -> UUID:
    return uuid4()


def records(*texts: str) -> list[Record]:
    return [Record("token", text.encode()) for text in texts]


async def seqs(log: EventLog, document: UUID) -> list[str]:
    return [str(entry.cursor) for entry in await log.after(document, Cursor(0, 0), 1_000)]


async def append(
    log: EventLog, document: UUID, attempt: int, first: int, *texts: str, may_create: bool = False
) -> tuple[Verdict, Cursor]:
    [answer] = await log.append(Append(document, attempt, first, records(*texts), may_create))
    return answer


async def test_entries_keep_their_numbers_and_bytes(log: EventLog, document: UUID) -> None:
    await append(log, document, 1, 1, "a", "b", may_create=True)
    await append(log, document, 1, 3, "c")

    found = await log.after(document, Cursor(1, 1), 10)

    assert found == [(Cursor(1, 2), Record("token", b"b")), (Cursor(1, 3), Record("token", b"c"))]


async def test_an_append_whose_reply_was_lost_is_skipped(log: EventLog, document: UUID) -> None:
    await append(log, document, 1, 1, "a", "b", may_create=True)

    again = await append(log, document, 1, 1, "a", "b")
    longer = await append(log, document, 1, 1, "a", "b", "c")

    assert again == (DUPLICATE, Cursor(1, 2))
    assert longer == (OK, Cursor(1, 3))
    assert await seqs(log, document) == ["1-1", "1-2", "1-3"]


async def test_a_hole_is_refused_and_named(log: EventLog, document: UUID) -> None:
    await append(log, document, 1, 1, "a", may_create=True)

    assert await append(log, document, 1, 3, "c") == (GAP, Cursor(1, 1))
    assert await append(log, document, 1, 3) == (GAP, Cursor(1, 1))
    assert await append(log, document, 2, 2, "b") == (GAP, Cursor(2, 0))


async def test_a_missing_log_comes_back_only_where_the_row_confirmed_the_attempt(log: EventLog, document: UUID) -> None:
    assert await append(log, document, 1, 1, "a") == (GAP, Cursor(1, 0))
    assert await append(log, document, 1, 1, "a", may_create=True) == (OK, Cursor(1, 1))


async def test_a_later_attempt_fences_the_older(log: EventLog, document: UUID) -> None:
    await append(log, document, 1, 1, "a", may_create=True)
    await append(log, document, 2, 1, "b")

    assert await append(log, document, 1, 2, "late", may_create=True) == (FENCED, Cursor(2, 1))
    assert await seqs(log, document) == ["1-1", "2-1"]


async def test_an_ending_closes_its_attempt(log: EventLog, document: UUID) -> None:
    await append(log, document, 1, 1, "a", may_create=True)
    await log.end(document, Cursor(1, ENDING), Record("task_finished", b"{}", after=1))

    assert await append(log, document, 1, 2, "late") == (FENCED, Cursor(1, ENDING))
    assert await append(log, document, 1, ENDING, "another") == (DUPLICATE, Cursor(1, ENDING))
    assert await seqs(log, document) == ["1-1", f"1-{ENDING}"]
    assert (await log.after(document, Cursor(1, 1), 1))[0].record.after == 1


async def test_a_tombstone_fences_every_attempt(log: EventLog, document: UUID) -> None:
    await append(log, document, 1, 1, "a", may_create=True)
    await log.bury(document)

    assert await append(log, document, 1, 2, "b") == (FENCED, TOMBSTONE)
    assert await append(log, document, 999, 1, "b", may_create=True) == (FENCED, TOMBSTONE)


async def test_an_empty_append_finds_a_lost_tail_and_renews_the_life(
    log: EventLog, document: UUID, valkey: Redis
) -> None:
    await append(log, document, 1, 1, "a", "b", "c", may_create=True)
    await valkey.expire(key_of(document), 5)
    await valkey.xdel(key_of(document), "1-3")

    found = await append(log, document, 1, 4)

    assert found == (GAP, Cursor(1, 2))
    assert await append(log, document, 1, 3) == (DUPLICATE, Cursor(1, 2))
    assert await valkey.ttl(key_of(document)) > 50


async def test_appends_one_by_one_renew_the_life_now_and_then(document: UUID, valkey: Redis) -> None:
    log = EventLog(valkey, timedelta(hours=1))
    await append(log, document, 1, 1, "a", may_create=True)
    await valkey.expire(key_of(document), 600)

    for seq in range(2, 34):
        await append(log, document, 1, seq, "a")

    assert await valkey.ttl(key_of(document)) > 3_600


async def test_a_restarted_store_learns_the_script_again(log: EventLog, document: UUID, valkey: Redis) -> None:
    await append(log, document, 1, 1, "a", may_create=True)
    await valkey.script_flush()

    assert await append(log, document, 1, 2, "b") == (OK, Cursor(1, 2))
