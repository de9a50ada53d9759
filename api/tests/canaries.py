"""Somebody who has something wherever anything is held, each piece with a mark that is found nowhere else."""

import json
import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
from fastapi import FastAPI
from redis.asyncio import Redis
from sqlalchemy import ARRAY, Column, LargeBinary, Table, Text, Uuid, insert, text, update
from sqlalchemy.dialects.postgresql import JSONB

from app.accounts.models import UserRow
from app.core.db import Base
from app.core.ids import new_id
from app.core.limits import Limiter
from app.mail.kept import KeptPost
from app.mail.letters import Letter
from app.mail.message import message
from app.streams.log import Append, EventLog, Record
from tests.people import Person

NOW = datetime.now(UTC)
TYPES: dict[type, Any] = {datetime: NOW, date: NOW.date(), int: 1, float: 0.5, bool: True}
# What a check or a meaning asks for; of the audit log that its rows name nobody but by id.
GIVEN: dict[str, dict[str, Any]] = {
    "tasks": {"status": "completed", "lease_until": None},
    "feed": {"type": "feed_created"},
    "audit_events": {"action": "signed_in", "facts": {}, "request_id": ""},
}
# Where somebody is known by their address, besides by their id.
BY_EMAIL = {"mails": "recipient", "one_time_links": "email", "registrations": "email", "audit_details": "email"}


class Planted(NamedTuple):
    """A row that was planted."""

    table: Table
    values: dict[str, Any]


def mark_of(mark: str, column: Column[Any]) -> str:
    return f"{mark}-{column.table.name}-{column.name}"


async def plant(app: FastAPI, person: Person, mark: str) -> list[Planted]:
    """Gives the rows, of every table there is."""
    rows = list(_rows(person, mark))
    async with app.state.db.transaction() as tx:
        await tx.execute(update(UserRow).where(UserRow.id == person.id).values(name=f"{mark}-users-name"))
        for table, values in rows:
            await tx.execute(insert(table).values(values))
    tasks = [row.values["id"] for row in rows if row.table.name == "tasks"]
    await _plant_in_valkey(app, person, mark, tasks)
    return rows


def _rows(person: Person, mark: str) -> Iterator[Planted]:
    event = new_id()
    for table in Base.metadata.sorted_tables:
        if table.name in {"users", "revocations"}:  # there is one; names credentials only
            continue
        values = {column.name: _value(column, person, mark) for column in table.columns}
        values |= GIVEN.get(table.name, {}) | ({"id": event} if table.name == "audit_events" else {})
        values |= {"event_id": event} if table.name == "audit_details" else {}
        if table.name != "registrations":
            yield Planted(table, values)
        if by := BY_EMAIL.get(table.name):
            again = {by: person.email, "id": new_id(), "event_id": new_id(), "user_id": None}
            again |= {"hash": os.urandom(8) + mark.encode()}
            yield Planted(table, values | {name: value for name, value in again.items() if name in values})


def _value(column: Column[Any], person: Person, mark: str) -> Any:
    found = mark_of(mark, column)
    if column.name in {"user_id", "owner_id", "actor_id"}:
        return person.id
    if isinstance(column.type, JSONB):
        return {"text": found}
    if isinstance(column.type, LargeBinary):
        return found.encode()
    if isinstance(column.type, ARRAY):
        return [found]
    if isinstance(column.type, Uuid):
        return new_id()
    return found if isinstance(column.type, Text) else TYPES[column.type.python_type]


async def _plant_in_valkey(app: FastAPI, person: Person, mark: str, tasks: list[UUID]) -> None:
    log: EventLog = app.state.event_log
    limiter: Limiter = app.state.limiter
    token = Record("token", json.dumps({"type": "token", "offset": 0, "text": f"{mark}-log"}).encode())
    for task in tasks:
        await log.append(Append(task, 1, 1, [token], may_create=True))
    await limiter.take("tasks", str(person.id))
    await limiter.take("sign_in_failures", person.email)
    letter = Letter("Hello", (f"{mark}-mail",))
    mail = message(letter, mail_id=new_id(), sender="us@example.com", recipient=person.email)
    await KeptPost(app.state.valkey).deliver(mail)


async def dump() -> dict[str, list[str]]:
    """Every row of every table, as text: what pg_dump would write."""
    connection = await asyncpg.connect(os.environ["TEST_SUPERUSER_DATABASE_URL"])
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {
            name: [row[0] for row in await connection.fetch(f'SELECT t::text FROM "{name}" t')] for (name,) in tables
        }
    finally:
        await connection.close()


async def scan(valkey: Redis) -> AsyncIterator[tuple[bytes, bytes]]:
    """Every key with everything in it."""
    read: dict[Any, Any] = {
        b"string": valkey.get,
        b"list": lambda key: valkey.lrange(key, 0, -1),
        b"stream": valkey.xrange,
        b"hash": valkey.hgetall,
        b"set": valkey.smembers,
        b"zset": lambda key: valkey.zrange(key, 0, -1),
    }
    async for key in valkey.scan_iter(count=1_000):
        kind = await valkey.type(key)
        if kind != b"none":  # it expired meanwhile
            yield key, repr(await read[kind](key)).encode()


async def found(valkey: Redis, *words: str) -> set[str]:
    """Where any of these words, or its bytes in hexadecimal, stands in either store."""
    spellings = [spelling for word in words for spelling in (word, word.encode().hex())]
    tables = {name for name, rows in (await dump()).items() for row in rows if any(word in row for word in spellings)}
    keys = {key.decode() async for key, value in scan(valkey) for word in spellings if word.encode() in key + value}
    return tables | keys


async def set_method(app: FastAPI, person: Person, method: str, age: timedelta) -> None:
    """Has the person's session begun so long ago, in this way."""
    async with app.state.db.transaction() as tx:
        statement = "UPDATE sessions SET method = :method, created_at = now() - CAST(:age AS interval) WHERE id = :id"
        await tx.execute(text(statement), {"method": method, "age": age, "id": person.caller.credential_id})
