"""Runs migrations as the role that owns the tables."""

import asyncio
from typing import Any

from alembic import context
from sqlalchemy import Connection, make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

import app.accounts.models
import app.api_keys.models
import app.audit.models
import app.identities.models
import app.mail.models
import app.tasks.models  # noqa: F401 - each feature's tables, for autogenerate
from app.core.db import Base
from app.settings import DatabaseSettings, load_group

# a migration that can't get its lock fails: every request would queue behind one that waits
_TIMEOUTS = {"lock_timeout": "5s", "statement_timeout": "10min"}


def _unless_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Writes no migration where the models have no change."""
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives.clear()
        print("The models have no change that the migrations haven't.")  # noqa: T201


def _migrate(connection: Connection | None, /, **options: Any) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_server_default=True,
        transaction_per_migration=True,
        process_revision_directives=_unless_empty,
        **options,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _online() -> None:
    url = make_url(load_group(DatabaseSettings).owner_url)
    engine = create_async_engine(
        url.set(drivername="postgresql+asyncpg"),
        poolclass=NullPool,
        connect_args={"server_settings": {"application_name": "migrations", **_TIMEOUTS}},
    )
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
    await engine.dispose()


if context.is_offline_mode():
    _migrate(None, dialect_name="postgresql", literal_binds=True)
else:
    asyncio.run(_online())
