"""The audit log, as an administrator reads it."""

from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.audit import service as audit
from app.core.db import Database
from app.core.ids import new_id
from app.core.origin import Origin
from tests.people import Person
from tests.problems import problem

PATH = "/api/v1/admin/audit"
ORIGIN = Origin("203.0.113.7", "Browser/1", "request-1")


async def read(admin: Person, **query: Any) -> dict[str, Any]:
    response = await admin.browser.get(PATH, params=query)
    assert response.status_code == 200, response.text
    page: dict[str, Any] = response.json()
    return page


@pytest.fixture
async def events(person: Person, stranger: Person, db: Database) -> None:
    """Three of theirs, besides their sign-ins."""
    async with db.transaction() as tx:
        await audit.record(tx, "key_created", origin=ORIGIN, actor=person.id, user=person.id, key="k1")
        await audit.record(tx, "role_changed", origin=ORIGIN, actor=person.id, user=stranger.id, after="admin")
        await audit.record(tx, "sign_in_failed", origin=ORIGIN, user=person.id, email="typed@example.com")


async def test_it_is_for_administrators(person: Person) -> None:
    problem(await person.browser.get(PATH), 404, "not_found")


async def test_an_event_comes_with_its_details_and_people(
    admin: Person, person: Person, stranger: Person, events: None
) -> None:
    page = await read(admin, user=stranger.id, action="role_changed")

    [event] = page["items"]
    assert event == {
        "id": event["id"],
        "action": "role_changed",
        "actor_id": str(person.id),
        "user_id": str(stranger.id),
        "facts": {"after": "admin"},
        "request_id": "request-1",
        "created_at": event["created_at"],
        "detail": {"email": None, "address": "203.0.113.7", "user_agent": "Browser/1"},
    }
    assert sorted(page["people"], key=lambda someone: str(someone["id"])) == [
        {"id": str(someone.id), "email": someone.email, "name": "Ada"} for someone in (person, stranger)
    ]


@pytest.mark.parametrize(
    ("by", "actions"),
    [
        (("user",), ["sign_in_failed", "key_created", "signed_in"]),
        (("actor",), ["role_changed", "key_created", "signed_in"]),
        (("user", "actor"), ["key_created", "signed_in"]),
    ],
)
async def test_it_is_filtered(admin: Person, person: Person, events: None, by: list[str], actions: list[str]) -> None:
    page = await read(admin, **dict.fromkeys(by, person.id))

    assert [event["action"] for event in page["items"]] == actions


async def test_it_is_filtered_by_action(admin: Person, person: Person, events: None) -> None:
    page = await read(admin, user=person.id, action="sign_in_failed")

    assert [event["detail"]["email"] for event in page["items"]] == ["typed@example.com"]
    assert page["items"][0]["actor_id"] is None


async def test_pages_follow_each_other(admin: Person, person: Person, events: None) -> None:
    whole = (await read(admin, user=person.id))["items"]
    pages: list[Any] = []
    cursor: dict[str, Any] = {}
    for _ in whole:
        page = await read(admin, user=person.id, limit=1, **cursor)
        pages += page["items"]
        cursor = {"cursor": page["next_cursor"]}

    assert pages == whole
    assert cursor == {"cursor": None}


async def test_an_event_outlives_its_details_and_its_people(
    app: FastAPI, admin: Person, person: Person, events: None, db: Database
) -> None:
    async with db.transaction() as tx:
        await tx.execute(text("DELETE FROM audit_details WHERE user_id = :id"), {"id": person.id})
        await tx.execute(text("DELETE FROM users WHERE id = :id"), {"id": person.id})

    page = await read(admin, user=person.id)

    assert [event["action"] for event in page["items"]] == ["sign_in_failed", "key_created", "signed_in"]
    assert [event["detail"] for event in page["items"]] == [None] * 3
    assert page["people"] == []


@pytest.mark.parametrize("query", [{"user": "x"}, {"actor": str(new_id()) + "0"}, {"action": "x"}, {"cursor": "x"}])
async def test_what_can_t_be_asked(admin: Person, query: dict[str, str]) -> None:
    problem(await admin.browser.get(PATH, params=query), 400, "invalid_request")
