"""`python -m app.migrate`: brings the schema to this code's, and waits until there is a Postgres to ask."""

import sys
from pathlib import Path

from app.core.process import end_on_sigterm

_WITHIN = 120.0
# cut short it isn't done: who waits for it to succeed must not start
_CUT_SHORT = 143


def main() -> None:
    """Migrates, or ends the process with what is wrong."""
    end_on_sigterm(_CUT_SHORT)
    import asyncio  # noqa: PLC0415 - from here on the signal is heard

    import structlog  # noqa: PLC0415
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    from app.core.logging import configure_logging  # noqa: PLC0415
    from app.core.postgres import AbsentError, present  # noqa: PLC0415
    from app.settings import DatabaseSettings, LoggingSettings, SettingsError, load_group  # noqa: PLC0415

    try:
        database, logging = load_group(DatabaseSettings), load_group(LoggingSettings)
    except SettingsError as error:
        sys.exit(str(error))
    configure_logging(logging)
    try:
        asyncio.run(present(database.owner_url, within=_WITHIN))
    except AbsentError as error:
        sys.exit(f"Postgres can't be asked: {error}")
    command.upgrade(Config(Path(__file__).resolve().parents[1] / "alembic.ini"), "head")
    structlog.get_logger(__name__).info("the schema is this code's")


if __name__ == "__main__":
    main()
