"""What this process needs to do its work, asked with a time limit and never twice at once."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Literal

import structlog
from pydantic import BaseModel
from redis.asyncio import Redis
from sqlalchemy import text

from app.core.db import Database

log = structlog.get_logger(__name__)

State = Literal["ok", "down", "behind"]

_WITHIN = 2.0
_VERSION = "SELECT version_num FROM alembic_version"
_MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"
_REVISION = re.compile(r"""^(down_)?revision\b[^=]*=\s*["'](\w+)["']""", re.MULTILINE)


class Checks(BaseModel):
    """What the process needs, part by part."""

    database: State
    valkey: State
    migrations: State

    @property
    def are_well(self) -> bool:
        return self == Checks(database="ok", valkey="ok", migrations="ok")


@cache
def known_revisions() -> tuple[str, frozenset[str]]:
    """The newest revision of this code's schema, and all of them."""
    # read, not asked of Alembic, which is 10 MB of every process
    found = [match.groups() for file in _MIGRATIONS.glob("*.py") for match in _REVISION.finditer(file.read_text())]
    known = frozenset(revision for is_down, revision in found if not is_down)
    [head] = known - {revision for is_down, revision in found if is_down}
    return head, known


async def schema_state(db: Database) -> State:
    """Whether the schema is this code's. A newer one is well: it was migrated for the code that comes next."""
    head, known = known_revisions()
    async with db.autocommit() as connection:
        found = (await connection.execute(text(_VERSION))).scalar()
    return "ok" if found == head or (found and found not in known) else "behind"


class Readiness:
    """Answers from one round of checks at a time: whoever asks meanwhile gets the same answer."""

    def __init__(self, db: Database, valkey: Redis) -> None:
        self._db = db
        self._valkey = valkey
        self._round: asyncio.Task[Checks] | None = None

    async def checks(self) -> Checks:
        if self._round is None or self._round.done():
            self._round = asyncio.create_task(self._check())
        return await asyncio.shield(self._round)

    async def _check(self) -> Checks:
        database, valkey, migrations = await asyncio.gather(
            _guarded("database", self._database), _guarded("valkey", self._ping), _guarded("migrations", self._schema)
        )
        return Checks(database=database, valkey=valkey, migrations=migrations)

    async def _database(self) -> State:
        async with self._db.autocommit() as connection:
            await connection.execute(text("SELECT 1"))
        return "ok"

    async def _ping(self) -> State:
        await self._valkey.ping()
        return "ok"

    async def _schema(self) -> State:
        return await schema_state(self._db)


async def _guarded(name: str, check: Callable[[], Awaitable[State]]) -> State:
    try:
        async with asyncio.timeout(_WITHIN):
            return await check()
    except Exception as error:
        log.warning("not ready", check=name, error=repr(error))
        return "behind" if name == "migrations" and "alembic_version" in str(error) else "down"
