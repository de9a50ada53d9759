"""What is held of a person: every feature says it of its own tables, for exports that have it all, and for erasure."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, delete, inspect, select, tuple_

from app.core.db import Base, Reader, WriteTransaction

_PAGE = 50  # rows in memory at a time: a task's text may be 100 KB


class Person(NamedTuple):
    """Whose data it is."""

    id: UUID
    email: str


class Held(NamedTuple):
    """What a table holds of people. Every column is exported, unless it is `withheld`, with the reason."""

    table: type[Base]
    whose: Callable[[Person], ColumnElement[bool]]
    withheld: Mapping[str, str] = {}

    @property
    def name(self) -> str:
        """What an export calls it."""
        return str(self.table.__tablename__)

    async def rows(self, db: Reader, person: Person) -> AsyncIterator[dict[str, Any]]:
        """The person's rows, in the order of their keys, read in pages."""
        table = inspect(self.table).local_table
        key = tuple(inspect(self.table).primary_key)
        statement = select(table).where(self.whose(person)).order_by(*key).limit(_PAGE)
        page = (await db.execute(statement)).mappings().all()
        while page:
            for row in page:
                yield {name: value for name, value in row.items() if name not in self.withheld}
            if len(page) < _PAGE:
                return
            after = tuple(page[-1][column.name] for column in key)
            page = (await db.execute(statement.where(tuple_(*key) > after))).mappings().all()


class Eraser(Protocol):
    """Takes away what is held of a person: in the transaction, and after its commit what isn't in the database."""

    async def __call__(self, tx: WriteTransaction, person: Person) -> None: ...


def deleting(*tables: Held) -> Eraser:
    """An eraser for rows that nothing else hangs on."""

    async def erase(tx: WriteTransaction, person: Person) -> None:
        for held in tables:
            await tx.execute(delete(held.table).where(held.whose(person)))

    return erase


class PersonalData(NamedTuple):
    """All of it, as `main` puts it together."""

    held: tuple[Held, ...]
    erasers: Iterable[Eraser]
    """In the order in which they are called; the account itself goes after the last."""
