"""`python -m app.migrate`: brings the schema to this code's, and waits until there is a Postgres to ask."""

import asyncio
import sys
from pathlib import Path
from time import monotonic

import asyncpg
import structlog
from alembic import command
from alembic.config import Config

from app.core.logging import configure_logging
from app.core.process import end_on_sigterm
from app.settings import DatabaseSettings, LoggingSettings, SettingsError, load_group

log = structlog.get_logger(__name__)

_WITHIN = 120.0
_PAUSE = 0.5
_CONNECT_WITHIN = 5.0
# not there yet, not ready yet (57P03), or its host has no name yet
_AWAY = (OSError, TimeoutError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError)


async def postgres(url: str, *, within: float) -> None:
    """Returns when Postgres answers. Raises what it said last when it doesn't in `within` seconds."""
    until = monotonic() + within
    said = False
    while True:
        try:
            connection = await asyncpg.connect(url, timeout=_CONNECT_WITHIN)
        except _AWAY as error:
            if monotonic() > until:
                raise
            if not said:
                log.warning("waiting for postgres", error=repr(error))
            said = True
            await asyncio.sleep(_PAUSE)
        else:
            await connection.close()
            return


def main() -> None:
    """Migrates, or ends the process with what is wrong."""
    end_on_sigterm()
    try:
        database, logging = load_group(DatabaseSettings), load_group(LoggingSettings)
    except SettingsError as error:
        sys.exit(str(error))
    configure_logging(logging)
    try:
        asyncio.run(postgres(database.owner_url, within=_WITHIN))
    except _AWAY as error:
        sys.exit(f"Postgres does not answer: {error!r}")
    command.upgrade(Config(Path(__file__).resolve().parents[1] / "alembic.ini"), "head")
    log.info("the schema is this code's")


if __name__ == "__main__":
    main()
