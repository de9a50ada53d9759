"""Reads that go to the driver itself: the same rows, and the same manners when something goes wrong."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy import (
    Integer,
    Numeric,
    Uuid,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy import types as kinds

from app.accounts.models import UserRow
from app.core.db import Database, Reader
from app.core.error_handlers import is_away
from app.core.query import Query
from app.settings import Settings
from tests.people import Person

PID = Query(select(func.pg_backend_pid().label("pid")))
SLEEP = Query(select(func.pg_backend_pid().label("pid"), func.pg_sleep(bindparam("seconds", type_=kinds.Float))))
END = Query(select(func.pg_terminate_backend(bindparam("pid", type_=Integer), 5_000).label("is_gone")))


@pytest.fixture
async def small(settings: Settings) -> AsyncIterator[Database]:
    """With two connections of its own."""
    async with Database(settings.database.model_copy(update={"pool_size": 2, "pool_overflow": 9})) as db:
        yield db


async def test_a_row_has_its_columns_by_name(db: Database, person: Person) -> None:
    query = Query(select(UserRow.id, UserRow.email).where(UserRow.id == bindparam("id", type_=Uuid)))

    row = await Reader(db).row(query, id=person.id)

    assert (row.id, row.email) == (person.id, person.email)
    assert not hasattr(row, "password_hash")


async def test_a_value_that_is_not_given_is_an_error(db: Database) -> None:
    with pytest.raises(KeyError):
        await db.fetch(END, {})


def test_what_the_driver_cannot_say_by_itself_is_refused() -> None:
    with pytest.raises(TypeError):
        Query(select(cast(literal_column("1"), Numeric(asdecimal=False))))
    with pytest.raises(TypeError):
        Query(select(UserRow.id).where(UserRow.id.in_(bindparam("ids", expanding=True))))


async def test_a_connection_that_was_cut_is_replaced(small: Database, db: Database) -> None:
    [row] = await small.fetch(PID, {})
    await db.fetch(END, {"pid": row.pid})

    [again] = await small.fetch(PID, {})

    assert again.pid != row.pid


async def test_a_statement_that_fails_keeps_its_connection(small: Database) -> None:
    [row] = await small.fetch(PID, {})
    with pytest.raises(asyncpg.DivisionByZeroError):
        await small.fetch(Query(select((literal(1) % bindparam("by", type_=Integer)).label("rest"))), {"by": 0})

    [again] = await small.fetch(PID, {})

    assert again.pid == row.pid


async def test_a_statement_that_took_too_long_is_not_repeated(settings: Settings) -> None:
    soon = settings.database.model_copy(update={"statement_timeout": timedelta(seconds=0.05)})
    async with Database(soon) as db:
        with pytest.raises(asyncpg.QueryCanceledError):
            await db.fetch(SLEEP, {"seconds": 30.0})


async def test_a_table_that_a_migration_changes_is_read_on(settings: Settings) -> None:
    kept = Query(select(literal_column("number")).select_from(table("kept")))
    async with Database(settings.database.model_copy(update={"pool_size": 1})) as db:
        async with db.autocommit() as owner:
            await owner.execute(text("CREATE TEMPORARY TABLE kept AS SELECT 1 AS number"))
        before = await db.fetch(kept, {})
        async with db.autocommit() as owner:
            await owner.execute(text("ALTER TABLE kept ALTER number TYPE text"))

        after = await db.fetch(kept, {})

    assert (before[0].number, after[0].number) == (1, "1")
    assert is_away(asyncpg.InvalidCachedStatementError())  # of a second one in a row


async def test_a_read_that_was_cancelled_leaves_nothing_to_the_next(small: Database) -> None:
    [row] = await small.fetch(PID, {})
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await small.fetch(SLEEP, {"seconds": 30.0})

    [again] = await small.fetch(PID, {})
    assert again.pid != row.pid


async def test_a_crowd_of_reads_waits_for_the_connections_that_are_kept(small: Database) -> None:
    rows = await asyncio.gather(*(small.fetch(SLEEP, {"seconds": 0.01}) for _ in range(12)))

    assert len({row.pid for [row] in rows}) <= 2
