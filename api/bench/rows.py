"""`python -m bench.rows <database> <user>`: every line of its input is a number of tasks that there are to be.

Each is answered by a line: what Postgres does for the first and for the thousandth page of the user's list, in what
time, and the bytes of table and indexes. The user has half of the tasks. `text <size>` gives the id of
a task with a text so long.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from app.core.caller import Caller
from app.core.ids import new_id
from app.core.pagination import PageRequest, encode_cursor
from app.core.query import Query
from app.tasks import repository

_PAGE = 20
_THOUSANDTH = 999 * _PAGE
_STEP = 100_000  # rows a statement: its time is limited nowhere here, its memory is
_LOOKS = 5

# As a list grows: the newer a task the larger its id.
_ADD = """
    INSERT INTO tasks (id, owner_id, kind, status, prompt, fingerprint, text, created_at, finished_at)
    SELECT CAST('01900000-0000-7000-8000-' || lpad(to_hex(i), 12, '0') AS uuid),
        CASE i % 2 WHEN 0 THEN $1 ELSE gen_random_uuid() END, 'project_plan', 'completed',
        'A library of seeds, number ' || i, sha256(CAST(CAST(i AS text) AS bytea)), repeat('word ', 20), now(), now()
    FROM generate_series(CAST($2 AS bigint), CAST($3 AS bigint)) i
"""
_TEXT = """
    INSERT INTO tasks (id, owner_id, kind, status, prompt, fingerprint, text, attempt, cursor_seq, finished_at)
    VALUES ($1, $2, 'project_plan', 'completed', 'A long text', '', $3, 1, 9007199254740991, now())
"""


class _Heard:
    """Takes a query instead of a database."""

    sql: str
    arguments: Sequence[Any]

    async def rows(self, query: Query, **values: Any) -> Sequence[Any]:
        self.sql, self.arguments = query.sql, query.arguments(values)
        return []


async def explained(db: asyncpg.Connection, user: UUID, before: UUID | None) -> dict[str, Any]:
    """The nodes of the plan, and the milliseconds of the quickest of a few executions."""
    heard: Any = _Heard()
    await repository.page(heard, Caller(user, user, "user"), PageRequest(before, _PAGE), None)
    explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {heard.sql}"
    plans = [json.loads(await db.fetchval(explain, *heard.arguments))[0] for _ in range(_LOOKS)]
    best = min(plans, key=lambda plan: float(plan["Execution Time"]))
    return {"plan": _nodes(best["Plan"]), "ms": best["Execution Time"]}


def _nodes(plan: dict[str, Any]) -> str:
    below = [_nodes(child) for child in plan.get("Plans", ())]
    name = " ".join(filter(None, (plan["Node Type"], plan.get("Index Name"))))
    return " > ".join([name, *below])


async def grown(db: asyncpg.Connection, user: UUID, rows: int) -> dict[str, Any]:
    """Adds tasks until there are so many."""
    there = await db.fetchval("SELECT count(*) FROM tasks")
    await db.execute("SET session_replication_role = replica")  # the user is there: no row has to look
    for first in range(there + 1, rows + 1, _STEP):
        await db.execute(_ADD, user, first, min(first + _STEP - 1, rows))
    await db.execute("VACUUM ANALYZE tasks")
    skipped = min(_THOUSANDTH, max(0, rows // 2 - _PAGE))
    before = await db.fetchval(
        "SELECT id FROM tasks WHERE owner_id = $1 ORDER BY id DESC OFFSET $2 LIMIT 1", user, skipped
    )
    sizes = await db.fetchrow("SELECT pg_table_size('tasks') AS table, pg_indexes_size('tasks') AS indexes")
    pages = {"first": await explained(db, user, None), "thousandth": await explained(db, user, before)}
    return {**pages, "cursor": encode_cursor(before), **dict(sizes or {})}


async def with_text(db: asyncpg.Connection, user: UUID, size: int) -> str:
    """The id of a new task."""
    task = new_id()
    await db.execute(_TEXT, task, user, ("All work and no play makes a dull text. " * (size // 40 + 1))[:size])
    return str(task)


async def main(database: str, user: UUID) -> None:
    db = await asyncpg.connect(database)
    for line in sys.stdin:
        what, _, number = line.strip().rpartition(" ")
        answer = await (with_text if what == "text" else grown)(db, user, int(number))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    await db.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], UUID(sys.argv[2])))
