"""Calls queries where there are many rows, and gives what Postgres did for each of their statements."""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from app.core.caller import Caller
from app.core.db import Database, Reader, WriteTransaction
from app.core.query import Query
from app.settings import DatabaseSettings, TaskSettings
from app.tasks.feed import FeedRows
from app.tasks.leases import Leases
from app.tasks.watch import TaskSource
from tests.plans.explained import Explainer, Explanation
from tests.plans.rows import ME


class _Undo(Exception):  # noqa: N818
    """Takes a transaction back."""


class ExplainedDatabase(Database):
    """A database of which every statement is explained."""

    def __init__(self, settings: DatabaseSettings) -> None:
        super().__init__(settings)
        self.explainer = Explainer(self.engine)

    async def fetch(self, query: Query, values: dict[str, Any]) -> Sequence[Any]:
        await self.explainer.ask(self.engine, query, values)
        return await super().fetch(query, values)


class Plans:
    def __init__(self, db: ExplainedDatabase) -> None:
        self.db = db
        self._own = {
            Leases: Leases(db, TaskSettings(), worker="w"),
            FeedRows: FeedRows(db),
            TaskSource: TaskSource(db),
        }

    async def of(self, query: Callable[..., Any], values: dict[str, Any]) -> list[Explanation]:
        """Calls the query with what it wants beside the values; what it writes in a transaction is taken back."""
        wants = list(inspect.signature(query).parameters.values())
        first = str(wants[0].annotation)
        given = {"caller": Caller(ME, ME, "user")} if any(want.name == "caller" for want in wants) else {}
        async with self.undone() as tx:
            subject: Any = tx
            if wants[0].name == "self":
                subject = next(own for kind, own in self._own.items() if query in vars(kind).values())
            elif "Database" in first:
                subject = self.db
            elif "Reader" in first:
                subject = Reader(self.db)
            return await self.during(query(subject, **given, **values))

    async def during(self, work: Awaitable[object]) -> list[Explanation]:
        self.db.explainer.heard.clear()
        await work
        assert self.db.explainer.heard
        return list(self.db.explainer.heard)

    @asynccontextmanager
    async def undone(self) -> AsyncIterator[WriteTransaction]:
        """What is written in it is taken back."""
        with suppress(_Undo):
            async with self.db.transaction() as tx:
                yield tx
                raise _Undo
