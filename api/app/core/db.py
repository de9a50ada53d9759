"""Postgres: one engine a process, reads without a transaction, and one transaction for a request that writes."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from time import monotonic
from typing import Annotated, Any, Self

import asyncpg
import structlog
from fastapi import Depends
from sqlalchemy import Executable, MetaData, Pool, Result, Row, ScalarResult
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.util import greenlet_spawn
from starlette.requests import HTTPConnection

from app.core.errors import Problem, Unavailable, raises
from app.core.query import Query, Record
from app.project import SLUG
from app.settings import DatabaseSettings

log = structlog.get_logger(__name__)

AfterCommit = Callable[[], Awaitable[object] | object]

_LOST = (
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    AsyncAdapt_asyncpg_dbapi.Error,  # of a new connection, before SQLAlchemy gives it its name
)
_PART_WITHIN = 1.0
_GIVE_UP_EVERY = 10.0
_CLOSE_WITHIN = 0.5  # after the 4 s that a request may take to its end, of the 5 that a process may take to leave


class Base(DeclarativeBase):
    """The tables; their constraints have names that a migration can rely on."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Database:
    """The connections of one process on one event loop."""

    def __init__(self, settings: DatabaseSettings) -> None:
        self.engine = create_engine(settings)
        # a read needs no transaction: in one it costs two round trips more
        self._autocommit = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        # Postgres's own limits end nothing where it is stopped or its host is gone: asyncpg would wait for ever
        self._answer_within = (settings.pool_timeout + settings.statement_timeout).total_seconds()
        self._pool_timeout = settings.pool_timeout.total_seconds()
        self._reads = asyncio.Semaphore(settings.pool_size)
        self._left_behind: set[asyncio.Task[Any]] = set()
        self._gave_up_at = float("-inf")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._left_behind:
            task.cancel()
        try:
            async with asyncio.timeout(_CLOSE_WITHIN):
                await self.engine.dispose()
        except TimeoutError:  # it waits for Postgres to hang up
            log.warning("postgres does not answer a farewell")

    @asynccontextmanager
    async def autocommit(self) -> AsyncIterator[AsyncConnection]:
        """A connection on which every statement is its own transaction; for a few of them: its time is limited."""
        async with asyncio.timeout(self._answer_within), self._autocommit.connect() as connection:
            yield connection

    async def execute(self, statement: Executable, values: dict[str, Any], *, within: float) -> Sequence[Row[Any]]:
        """Gives the rows of a statement that is better repeated than late. Raises TimeoutError after `within` seconds.

        It may have happened then. The idle connections are given up, too: they probably went the same way.
        """
        asked = asyncio.create_task(self._execute(statement, values))
        try:
            done, _ = await asyncio.wait({asked}, timeout=within)
        except BaseException:
            asked.cancel()
            raise
        if done:
            return asked.result()
        # nobody waits for the rest: the driver takes 2 s to part with a connection that is dead
        asked.cancel()
        self._leave_behind(asked)
        self._give_up_idle()
        raise TimeoutError

    async def _execute(self, statement: Executable, values: dict[str, Any]) -> Sequence[Row[Any]]:
        async with self.autocommit() as connection:
            result = await connection.execute(statement, values)
            return result.all() if result.returns_rows else []

    async def fetch(self, query: Query, values: dict[str, Any]) -> Sequence[Any]:
        """The rows of a read, each with an attribute for each column."""
        async with asyncio.timeout(self._answer_within):
            try:
                return await self._fetch(query.sql, query.arguments(values))
            except _LOST:
                # the connection went: SQLAlchemy knows what becomes of the others, and how to say it
                async with self._autocommit.connect() as connection:
                    return (await connection.execute(query.statement, values)).all()

    async def _fetch(self, sql: str, arguments: list[Any]) -> list[Record]:
        # a crowd of reads waits here: connections beyond those that are kept are closed again after each
        if self._reads.locked():
            async with asyncio.timeout(self._pool_timeout):
                await self._reads.acquire()
        else:
            await self._reads.acquire()
        try:
            return await self._fetch_now(sql, arguments)
        finally:
            self._reads.release()

    async def _fetch_now(self, sql: str, arguments: list[Any]) -> list[Record]:
        lent = await greenlet_spawn(self.engine.pool.connect)
        driver: Any = lent.driver_connection
        try:
            rows: list[Record] = await driver.fetch(sql, *arguments)
        except BaseException as error:
            if isinstance(error, asyncpg.PostgresError) and not driver.is_closed():
                await greenlet_spawn(lent.close)
            else:  # the answer may still come: not to whoever is next
                lent.invalidate()
            raise
        await greenlet_spawn(lent.close)
        return rows

    def _give_up_idle(self) -> None:
        if monotonic() - self._gave_up_at < _GIVE_UP_EVERY:  # where everything is slow, new connections make it slower
            return
        self._gave_up_at = monotonic()
        before = self.engine.sync_engine.pool
        self.engine.sync_engine.dispose(close=False)
        self._leave_behind(asyncio.create_task(self._part_with(before)))

    async def _part_with(self, pool: Pool) -> None:
        """Closes a pool's connections as they become idle; one that says nothing is dropped after a second."""
        until = monotonic() + self._answer_within
        while monotonic() < until:
            try:
                async with asyncio.timeout(_PART_WITHIN):
                    await greenlet_spawn(pool.dispose)
                await asyncio.sleep(_PART_WITHIN)
            except TimeoutError:
                pass

    def _leave_behind(self, task: asyncio.Task[Any]) -> None:
        def done(task: asyncio.Task[Any]) -> None:
            self._left_behind.discard(task)
            _ = task.cancelled() or task.exception()  # nobody wants to know it

        self._left_behind.add(task)
        task.add_done_callback(done)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["WriteTransaction"]:
        """Commits at the end, or rolls back when an error comes out; then calls what waits for the commit."""
        refusal: Problem | None = None
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            tx = WriteTransaction(session, self._answer_within)
            try:
                yield tx
            except Problem as problem:
                if not problem.commits:
                    raise
                refusal = problem
            async with asyncio.timeout(self._answer_within):
                await session.commit()
        await tx.committed()
        if refusal:
            raise refusal


class Reader:
    """What a read may do."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def execute(self, statement: Executable, values: dict[str, Any] | None = None) -> Result[Any]:
        """The statement's rows, all of them: the connection is given back."""
        async with self._db.autocommit() as connection:
            return await connection.execute(statement, values)

    async def rows(self, query: Query, **values: Any) -> Sequence[Any]:
        """The rows of a read that is asked often, each with an attribute for each column."""
        return await self._db.fetch(query, values)

    async def row(self, query: Query, **values: Any) -> Any:
        """The first row of such a read, or None."""
        rows = await self._db.fetch(query, values)
        return rows[0] if rows else None

    async def scalar(self, statement: Executable, values: dict[str, Any] | None = None) -> Any:
        """The first column of the first row, or None."""
        return (await self.execute(statement, values)).scalar()


class WriteTransaction:
    """What a write may do. The commit is not its own: it happens at the edge, before the response is sent."""

    def __init__(self, session: AsyncSession, answer_within: float) -> None:
        self._session = session
        self._answer_within = answer_within
        self._after_commit: list[AfterCommit] = []

    async def execute(self, statement: Executable, values: dict[str, Any] | None = None) -> Result[Any]:
        async with asyncio.timeout(self._answer_within):
            return await self._session.execute(statement, values)

    async def scalar(self, statement: Executable, values: dict[str, Any] | None = None) -> Any:
        async with asyncio.timeout(self._answer_within):
            return await self._session.scalar(statement, values)

    async def scalars(self, statement: Executable, values: dict[str, Any] | None = None) -> ScalarResult[Any]:
        async with asyncio.timeout(self._answer_within):
            return await self._session.scalars(statement, values)

    def add(self, row: Base) -> None:
        self._session.add(row)

    async def flush(self) -> None:
        async with asyncio.timeout(self._answer_within):
            await self._session.flush()

    def after_commit(self, callback: AfterCommit) -> None:
        """Calls `callback`, which may be async, once the transaction is committed; its failure is only logged."""
        self._after_commit.append(callback)

    async def committed(self) -> None:
        for callback in self._after_commit:
            try:
                result = callback()
                if inspect.isawaitable(result):
                    await result
            except Exception:
                log.exception("what follows a commit failed")


def create_engine(settings: DatabaseSettings) -> AsyncEngine:
    """An engine for the app's role."""
    timeouts = {
        "lock_timeout": settings.lock_timeout,
        "idle_in_transaction_session_timeout": settings.idle_timeout,
        "statement_timeout": settings.statement_timeout,
    }
    milliseconds = {name: f"{timeout.total_seconds() * 1_000:.0f}" for name, timeout in timeouts.items()}
    return create_async_engine(
        make_url(settings.url.get_secret_value()).set(drivername="postgresql+asyncpg"),
        hide_parameters=True,  # an error's text is logged, and the values are somebody's
        pool_size=settings.pool_size,
        max_overflow=settings.pool_overflow,
        pool_timeout=settings.pool_timeout.total_seconds(),
        connect_args={
            "timeout": 5,
            "server_settings": {"application_name": SLUG, **milliseconds},
            # of the connection: asyncpg forgets a call's own when it prepares a statement anew, after a migration
            "record_class": Record,
        },
    )


@raises(Unavailable)
async def database(connection: HTTPConnection) -> Database:
    db: Database = connection.app.state.db
    return db


async def _transaction(db: Annotated[Database, Depends(database)]) -> AsyncIterator[WriteTransaction]:
    async with db.transaction() as tx:
        yield tx


async def _reader(db: Annotated[Database, Depends(database)]) -> Reader:
    return Reader(db)


# Dependencies are async even where they wait for nothing: FastAPI runs others in a thread, for 0.1 ms and more each.
# scope="function": the exit code, and with it the commit, runs before the response is sent
Transaction = Annotated[WriteTransaction, Depends(_transaction, scope="function")]
ReadOnly = Annotated[Reader, Depends(_reader)]
