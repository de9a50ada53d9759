"""No query reads a whole table, nor rows by the thousand that it has no use for, however many rows there are."""

from collections.abc import AsyncIterator, Callable, Iterable
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from app import retention
from app.accounts import repository as accounts
from app.audit.personal import erase
from app.core.db import Reader
from app.core.personal import Held, Person, deleting
from app.core.retention import Outlived
from app.personal import HELD
from app.settings import Settings
from app.tasks.leases import _CLAIM
from tests.databases import SUPERUSER, alembic, at, created
from tests.plans.explained import Explainer, Explanation
from tests.plans.plans import ExplainedDatabase, Plans
from tests.plans.queries import QUERIES, all_queries
from tests.plans.rows import FILL, MANY, nth

_FEW = 400
"""Rows that a statement may look at: a few pages of a list, or one batch; of a table there are 5,000."""
_BATCH = 100
_SOMEBODY = Person(nth(79), "u79@example.com")


@pytest.fixture(scope="module")
async def plans(settings: Settings) -> AsyncIterator[Plans]:
    """A database with 5,000 rows in every table."""
    async with created("plans") as name:
        await alembic("upgrade", "head", database=name)
        owner = await asyncpg.connect(at(SUPERUSER, name))
        for statement in FILL.split(";\n\n"):
            await owner.execute(statement)
        await Explainer.prepare(owner)
        await owner.close()
        # the app's own role may not have statistics made
        database = settings.database.model_copy(update={"url": SecretStr(at(SUPERUSER, name))})
        async with ExplainedDatabase(database) as db:
            yield Plans(db)


def frugal(explanations: Iterable[Explanation]) -> None:
    """Raises unless all of them are."""
    wasteful = [each for each in explanations if each.scanned or each.rows > _FEW]
    assert not wasteful, "\n\n".join(f"{each.scanned} {each.rows:.0f} rows: {each.statement}" for each in wasteful)


def named(query: Callable[..., Any]) -> str:
    return f"{query.__module__.removeprefix('app.')}.{query.__qualname__}"


def test_every_query_is_tried() -> None:
    assert set(map(named, all_queries())) <= set(map(named, QUERIES))


@pytest.mark.parametrize("query", [query for query in QUERIES if query is not accounts.has_users], ids=named)
async def test_a_query_reads_few_rows(plans: Plans, query: Callable[..., Any]) -> None:
    for values in QUERIES[query]:
        frugal(await plans.of(query, values))


async def test_there_is_a_first_row(plans: Plans) -> None:
    [explanation] = await plans.of(accounts.has_users, {})

    assert explanation.rows == 1  # of all users: a scan that ends with the first


@pytest.mark.parametrize("outlived", retention.OUTLIVED, ids=lambda each: each.name)
async def test_what_is_deleted_after_its_time_is_found(plans: Plans, outlived: Outlived) -> None:
    age = timedelta(minutes=30) if outlived.name == "registrations" else timedelta(hours=2)
    async with plans.undone() as tx:
        frugal(await plans.during(tx.execute(text(outlived.statement), {"age": age, "limit": _BATCH})))


@pytest.mark.parametrize("held", [held for held in HELD if held.name != "users"], ids=lambda held: held.name)
async def test_what_is_held_of_a_person_is_found(plans: Plans, held: Held) -> None:
    async def export() -> None:
        async for _ in held.rows(Reader(plans.db), _SOMEBODY):
            pass

    frugal(await plans.during(export()))
    async with plans.undone() as tx:
        frugal(await plans.during(deleting(held)(tx, _SOMEBODY)))


async def test_the_personal_side_of_the_audit_log_is_found(plans: Plans) -> None:
    async with plans.undone() as tx:
        frugal(await plans.during(erase(tx, _SOMEBODY)))


async def test_a_claim_takes_the_first_of_a_long_queue_and_reads_no_more_when_it_is_gone(plans: Plans) -> None:
    claim, values = text(_CLAIM), {"room": 3, "worker": "w", "lease": timedelta(), "max_attempts": 3}
    async with plans.undone() as tx:
        await tx.execute(
            text("UPDATE tasks SET status = 'queued', finished_at = NULL WHERE id < nth(:half)"), {"half": MANY // 2}
        )
        await tx.execute(text("ANALYZE tasks"))

        frugal(await plans.during(tx.execute(claim, values)))

        await tx.execute(
            text("UPDATE tasks SET status = 'failed', finished_at = now() WHERE id < nth(:half)"), {"half": MANY // 2}
        )
        frugal(await plans.during(tx.execute(claim, values)))


async def test_a_foreign_key_has_an_index(plans: Plans) -> None:
    bare = """
        SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'f' AND NOT EXISTS (
            SELECT FROM pg_index WHERE indrelid = conrelid AND indkey[0] = conkey[1] AND indpred IS NULL
        )
    """
    async with plans.db.autocommit() as connection:
        assert (await connection.execute(text(bare))).all() == []  # else a deletion reads the whole table
