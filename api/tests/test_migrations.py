"""Migrations: up, down and up again on rows, the models' equals, safe for a database under load, with least rights."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from tests.databases import API, APP, OWNER, alembic, at, created

SCRIPTS = ScriptDirectory.from_config(Config(API / "alembic.ini"))
REVISIONS = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]

# a row for every table, to be there when a later migration goes up and down
ROWS = """
    INSERT INTO users (id, email, name, password_hash) VALUES (gen_random_uuid(), 'ada@example.com', 'Ada', '-');
    INSERT INTO sessions (id, user_id, refresh_hash, method, user_agent, address, expires_at, ends_at)
    SELECT gen_random_uuid(), id, '', 'password', '', '', now(), now() FROM users;
    INSERT INTO registrations (email, name, password_hash) VALUES ('bob@example.com', 'Bob', '-');
    INSERT INTO mails (id, user_id, recipient, kind) SELECT gen_random_uuid(), id, email, 'password_reset' FROM users;
    INSERT INTO one_time_links (id, mail_id, user_id, purpose, email, hash, expires_at)
    SELECT gen_random_uuid(), gen_random_uuid(), id, 'reset-password', email, '', now() FROM users;
    INSERT INTO tasks (id, owner_id, kind, prompt, fingerprint)
    SELECT gen_random_uuid(), id, 'project_plan', 'x', '' FROM users;
    INSERT INTO task_quotas SELECT id, current_date, 1 FROM users;
    INSERT INTO feed_heads SELECT id, 1 FROM users;
    INSERT INTO feed (user_id, seq, task_id, type, status, attempt)
    SELECT owner_id, 1, id, 'feed_created', status, attempt FROM tasks;
"""


@pytest.fixture
async def database() -> AsyncIterator[str]:
    """An empty database."""
    async with created("migrations_empty") as name:
        yield name


@pytest.fixture(scope="module")
async def migrated() -> AsyncIterator[str]:
    """A database with the newest schema."""
    async with created("migrations_newest") as name:
        await alembic("upgrade", "head", database=name)
        yield name


async def test_every_migration_goes_up_down_and_up_again_on_rows(database: str) -> None:
    await alembic("upgrade", "head", database=database)
    owner = await asyncpg.connect(at(OWNER, database))
    await owner.execute(ROWS)

    for revision in reversed(REVISIONS):
        await alembic("downgrade", "-1", database=database)
        await alembic("upgrade", revision, database=database)
        await alembic("downgrade", "-1", database=database)
    await alembic("upgrade", "head", database=database)

    await owner.execute(ROWS)
    await owner.close()


async def test_the_schema_is_the_models(migrated: str) -> None:
    await alembic("check", database=migrated)  # raises where they differ


def test_there_is_one_history() -> None:
    assert len(SCRIPTS.get_heads()) == 1
    assert len(SCRIPTS.get_bases()) == 1


async def test_squawk_finds_nothing(migrated: str, tmp_path: Path) -> None:
    sql = await alembic("upgrade", "head", sql=True, database=migrated)
    script = tmp_path / "migrations.sql"
    script.write_text(re.sub(r"CREATE TABLE alembic_version \(.*?\);", "", sql, flags=re.DOTALL))  # it is Alembic's own

    squawk = Path(sys.executable).parent / "squawk"
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(squawk, "--config", API / ".squawk.toml", script, stdout=pipe)
    output, _ = await process.communicate()

    assert process.returncode == 0, output.decode()


@pytest.fixture
async def app_role(migrated: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(at(APP, migrated))
    yield connection
    await connection.close()


async def test_the_app_reads_and_writes_rows(app_role: asyncpg.Connection) -> None:
    await app_role.execute(ROWS)
    await app_role.execute("UPDATE tasks SET text = 'x'; DELETE FROM users")

    assert await app_role.fetchval("SELECT count(*) FROM feed") == 0
    assert await app_role.fetchval("SELECT version_num FROM alembic_version") == REVISIONS[-1]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "DROP TABLE tasks",
        "ALTER TABLE users ADD COLUMN x int",
        "TRUNCATE tasks",
        "CREATE INDEX ON tasks (text)",
        "UPDATE alembic_version SET version_num = 'x'",
        "DELETE FROM alembic_version",
        "GRANT SELECT ON users TO PUBLIC",
        "COPY users TO PROGRAM 'cat'",
    ],
)
async def test_the_app_changes_nothing_else(app_role: asyncpg.Connection, statement: str) -> None:
    try:
        await app_role.execute(statement)
    except asyncpg.InsufficientPrivilegeError:
        return

    # Postgres only warns where a role grants what it can't
    assert statement.startswith("GRANT")
    assert not await app_role.fetchval("SELECT has_table_privilege('public', 'users', 'SELECT')")


async def test_one_role_is_enough(database: str) -> None:
    await alembic(
        "upgrade",
        "head",
        database=database,
        environ={"DATABASE_URL": at(OWNER, database), "MIGRATION_DATABASE_URL": ""},
    )

    owner = await asyncpg.connect(at(OWNER, database))
    await owner.execute(ROWS)
    await owner.close()
