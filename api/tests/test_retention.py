"""What outlived its setting is taken away, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app import retention
from app.core.db import Database
from app.core.ids import new_id
from app.core.retention import Outlived, delete_old, prune
from app.settings import Settings
from app.worker import celery
from tests.people import Person, new_email

DAY = timedelta(days=1)


def ago(age: timedelta) -> datetime:
    return datetime.now(UTC) - age


async def insert(db: Database, table: str, **values: Any) -> Any:
    """Gives the row's key."""
    names = ", ".join(values)
    statement = f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in values)})"
    async with db.transaction() as tx:
        await tx.execute(text(statement), values)
    return next(iter(values.values()))


async def left(db: Database, table: str, keys: list[Any]) -> list[Any]:
    key = {"registrations": "email", "audit_details": "event_id"}.get(table, "id")
    async with db.autocommit() as connection:
        rows = await connection.execute(text(f"SELECT {key} FROM {table} WHERE {key} = ANY(:keys)"), {"keys": keys})
        return [row[0] for row in rows]


def a_row(table: str, person: Person, age: timedelta) -> dict[str, Any]:
    """A row whose time began so long ago."""
    moment = ago(age)
    return {
        "sessions": {
            "id": new_id(), "user_id": person.id, "refresh_hash": b"", "method": "password", "user_agent": "",
            "address": "", "expires_at": moment, "ends_at": moment,
        },
        "revocations": {"id": new_id(), "credential_id": new_id(), "created_at": moment},
        "registrations": {"email": new_email(), "name": "Ada", "password_hash": "-", "created_at": moment},
        "one_time_links": {
            "id": new_id(), "mail_id": new_id(), "purpose": "p", "email": "e", "hash": new_id().bytes,
            "expires_at": moment,
        },
        "audit_details": {"event_id": new_id(), "address": "", "user_agent": "", "created_at": moment},
    }[table]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "kept"),
    [
        ("sessions", DAY),
        ("revocations", timedelta(minutes=10)),
        ("registrations", None),
        ("one_time_links", DAY),
        ("audit_details", 90 * DAY),
    ],
)
async def test_rows_go_when_their_time_is_over(
    db: Database, settings: Settings, person: Person, table: str, kept: timedelta | None
) -> None:
    kept = kept or settings.mail.registration_ttl
    minute = timedelta(minutes=1)
    old = [await insert(db, table, **a_row(table, person, kept + minute)) for _ in range(5)]
    young = [await insert(db, table, **a_row(table, person, kept - minute)) for _ in range(2)]

    await prune(db, settings, retention.OUTLIVED, batch=2)

    assert await left(db, table, old) == []
    assert sorted(await left(db, table, young)) == sorted(young)
    assert (await person.browser.get("/api/v1/me")).status_code == 200


async def finish(db: Database, task: dict[str, Any], age: timedelta) -> None:
    async with db.transaction() as tx:
        statement = "UPDATE tasks SET status = 'completed', finished_at = :moment, created_at = :moment WHERE id = :id"
        await tx.execute(text(statement), {"id": task["id"], "moment": ago(age)})


async def test_an_idempotency_key_is_free_again_after_its_time(
    db: Database, settings: Settings, person: Person
) -> None:
    old, young = [await person.create_task(**{"Idempotency-Key": key}) for key in ("old", "young")]
    await finish(db, old, 8 * DAY)
    await finish(db, young, 6 * DAY)

    await prune(db, settings, retention.OUTLIVED)

    assert (await person.create_task(**{"Idempotency-Key": "old"}))["id"] != old["id"]
    assert (await person.create_task(**{"Idempotency-Key": "young"}))["id"] == young["id"]
    assert (await person.browser.get(f"/api/v1/tasks/{old['id']}")).status_code == 200


async def test_finished_tasks_stay_unless_the_settings_say_otherwise(
    db: Database, settings: Settings, person: Person
) -> None:
    old, young, waiting = [await person.create_task() for _ in range(3)]
    await finish(db, old, 31 * DAY)
    await finish(db, young, 29 * DAY)
    async with db.transaction() as tx:
        await tx.execute(
            text("UPDATE tasks SET created_at = :moment WHERE id = :id"), {"id": waiting["id"], "moment": ago(40 * DAY)}
        )

    await prune(db, settings, retention.OUTLIVED)
    before = await left(db, "tasks", [old["id"], young["id"], waiting["id"]])
    kept = settings.retention.model_copy(update={"tasks": 30 * DAY})
    await prune(db, replace(settings, retention=kept), retention.OUTLIVED)
    after = await left(db, "tasks", [old["id"], young["id"], waiting["id"]])

    assert len(before) == 3
    assert sorted(map(str, after)) == sorted([young["id"], waiting["id"]])
    async with db.autocommit() as connection:
        query = text("SELECT type FROM feed WHERE task_id = :id ORDER BY seq DESC LIMIT 1")
        assert await connection.scalar(query, {"id": old["id"]}) == "feed_deleted"


async def test_what_fails_holds_up_nothing_else(
    db: Database, settings: Settings, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    link = await insert(db, "one_time_links", **a_row("one_time_links", person, 2 * DAY))
    broken = Outlived("nothing", delete_old("no_such_table", "id", "created_at"), lambda _: DAY)

    await prune(db, settings, (broken, *retention.OUTLIVED))

    assert await left(db, "one_time_links", [link]) == []
    assert "can't be deleted" in caplog.text


def test_beat_has_it_done() -> None:
    calls: list[str] = []
    retention.handle(prune=lambda: calls.append("pruned"))

    job = celery.conf.beat_schedule["retention"]["task"]
    celery.tasks[job]()

    assert calls == ["pruned"]
