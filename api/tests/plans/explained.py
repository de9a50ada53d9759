"""What Postgres does for a statement: every one that an engine sends is explained before it is executed."""

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import asyncpg
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine

from app.core.query import Query

_GENERIC = """
    CREATE FUNCTION generic_plan(statement text) RETURNS SETOF json LANGUAGE plpgsql AS
    $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN (GENERIC_PLAN, FORMAT JSON) ' || statement; END $$
"""


class Explanation(NamedTuple):
    """A statement with its plans: as executed with these values, and the one that a driver keeps for all values."""

    statement: str
    executed: dict[str, Any]
    generic: dict[str, Any]

    @property
    def scanned(self) -> set[str]:
        """The tables of which one of the plans reads all rows."""
        nodes = [*_nodes(self.executed), *_nodes(self.generic)]
        return {node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"}

    @property
    def rows(self) -> float:
        """How many rows of tables were looked at, also where they were of no use."""
        looked_at = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
        tables = [node for node in _nodes(self.executed) if "Relation Name" in node and "Scan" in node["Node Type"]]
        return sum(float(node["Actual Loops"] * node.get(name, 0)) for node in tables for name in looked_at)


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


class Explainer:
    """Hears what an engine executes."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.heard: list[Explanation] = []
        event.listen(engine.sync_engine, "before_cursor_execute", self._hear)

    @staticmethod
    async def prepare(owner: asyncpg.Connection) -> None:
        """Makes what it needs in a database."""
        await owner.execute(_GENERIC)

    async def ask(self, engine: AsyncEngine, query: Query, values: dict[str, Any]) -> None:
        """Explains a query that goes past the engine, to the driver."""
        async with engine.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            self.heard.append(await _explain(query.sql, tuple(query.arguments(values)), driver))

    def _hear(self, connection: Connection, _: Any, statement: str, values: Any, __: Any, is_many: Any) -> None:
        assert not is_many
        if statement.startswith("ANALYZE"):
            return
        driver: Any = connection.connection.dbapi_connection
        self.heard.append(driver.run_async(partial(_explain, statement, values)))


async def _explain(statement: str, values: tuple[Any, ...], connection: asyncpg.Connection) -> Explanation:
    kept = connection.transaction()
    await kept.start()
    try:
        executed = await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", *values)
    finally:
        await kept.rollback()
    generic = await connection.fetchval("SELECT * FROM generic_plan($1)", statement)
    return Explanation(statement, executed[0]["Plan"], generic[0]["Plan"])
