"""What the app's role may do with the audit log: the database holds it, whatever the code says."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.audit import service as audit
from app.core.db import Database
from app.core.origin import Origin
from tests.people import Person

ORIGIN = Origin("203.0.113.7", "Browser/1", "request-1")
TRIES = {
    "audit_events": [
        "UPDATE audit_events SET action = 'signed_out'",
        "UPDATE audit_events SET actor_id = NULL WHERE user_id = '{user}'",
        "INSERT INTO audit_events SELECT * FROM audit_events ON CONFLICT (id) DO UPDATE SET facts = '{{}}'",
        "MERGE INTO audit_events e USING users u ON u.id = e.user_id WHEN MATCHED THEN DELETE",
        "SELECT 1 FROM audit_events FOR UPDATE",
        "DELETE FROM audit_events",
        "DELETE FROM audit_events WHERE user_id = '{user}'",
        "TRUNCATE audit_events",
        "TRUNCATE users CASCADE",
        "DROP TABLE audit_events",
        "ALTER TABLE audit_events RENAME TO forgotten",
        "ALTER TABLE audit_events ADD COLUMN note text",
        "CREATE RULE silence AS ON INSERT TO audit_events DO INSTEAD NOTHING",
        "SET session_replication_role = replica",
    ],
    "audit_details": [
        "UPDATE audit_details SET address = ''",
        "TRUNCATE audit_details",
        "DROP TABLE audit_details",
        "ALTER TABLE audit_details DROP COLUMN email",
    ],
}


@pytest.fixture
async def event(person: Person, db: Database) -> None:
    async with db.transaction() as tx:
        await audit.record(tx, "key_created", origin=ORIGIN, actor=person.id, user=person.id, email="a@example.com")


async def whole(db: Database, table: str) -> list[str]:
    async with db.autocommit() as connection:
        return list((await connection.execute(text(f"SELECT t::text FROM {table} t ORDER BY 1"))).scalars())


@pytest.mark.parametrize(("table", "statement"), [(table, each) for table, all_ in TRIES.items() for each in all_])
async def test_the_app_can_t_change_what_is_written(
    person: Person, event: None, db: Database, table: str, statement: str
) -> None:
    before = await whole(db, table)

    with pytest.raises(DBAPIError, match=r"permission denied|must be owner|must be able"):
        async with db.autocommit() as connection:
            await connection.execute(text(statement.format(user=person.id)))

    assert await whole(db, table) == before


@pytest.mark.parametrize(
    ("table", "may"), [("audit_events", {"SELECT", "INSERT"}), ("audit_details", {"SELECT", "INSERT", "DELETE"})]
)
async def test_it_has_these_privileges_and_no_other(db: Database, table: str, may: set[str]) -> None:
    all_ = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
    async with db.autocommit() as connection:
        for privilege in all_:
            asked = text("SELECT has_table_privilege(:table, :privilege)")
            found = await connection.execute(asked, {"table": table, "privilege": privilege})
            assert found.scalar_one() == (privilege in may), privilege


async def test_what_is_personal_can_be_deleted_and_the_event_stays(person: Person, event: None, db: Database) -> None:
    async with db.autocommit() as connection:
        values = {"id": person.id}
        gone = await connection.execute(text("DELETE FROM audit_details WHERE user_id = :id"), values)
        left = await connection.execute(text("SELECT action FROM audit_events WHERE user_id = :id ORDER BY id"), values)

    assert gone.rowcount == 2
    assert list(left.scalars()) == ["signed_in", "key_created"]


async def test_an_event_names_people_by_id_only(person: Person, event: None, db: Database) -> None:
    async with db.autocommit() as connection:
        found = await connection.execute(
            text("SELECT e::text FROM audit_events e WHERE user_id = :id"), {"id": person.id}
        )

    for row in found.scalars():
        assert not any(personal in row for personal in (person.email, "a@example.com", *ORIGIN[:2]))
