"""Sessions without a database: the real service and rules on rows in memory, and a clock that a test moves."""

from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, TypeVar
from uuid import UUID

from app.accounts.refresh import Family
from app.core.errors import Problem
from app.core.ids import new_id

T = TypeVar("T")


def finished(work: Coroutine[Any, Any, T]) -> T:
    """What a coroutine gives that waits for nothing."""
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    raise AssertionError("it waits")


class Clock:
    """What the time is, in every way in which it is asked."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, tzinfo=UTC)

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def time(self) -> float:
        return self.now.timestamp()


class Store:
    """One user's sessions, with the functions of `accounts.sessions_repository`."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.user_id = new_id()
        self.families: dict[UUID, Family] = {}
        self.role = "user"
        self.after_commit: list[Callable[[], object]] = []

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """Keeps what was done, or nothing where it is refused by what doesn't commit."""
        before, self.after_commit = dict(self.families), []
        try:
            yield SimpleNamespace(after_commit=self.after_commit.append)
        except Problem as problem:
            if not problem.commits:
                self.families = before
                raise
            self._committed()
            raise
        self._committed()

    def _committed(self) -> None:
        for callback in self.after_commit:
            callback()

    @property
    def _user(self) -> dict[str, Any]:
        about = {"email": "ada@example.com", "name": "Ada", "role": self.role, "created_at": self.clock.now}
        return {**about, "disabled_at": None, "password_hash": "-", "now": self.clock.now}

    async def lock_user(self, _tx: Any, user_id: UUID, **_: Any) -> Any:
        return SimpleNamespace(id=user_id, **self._user)

    async def add(self, _tx: Any, family: Family, **_: Any) -> None:
        self.families[family.id] = family

    async def lock(self, _tx: Any, session_id: UUID) -> Any:
        if not (family := self.families.get(session_id)):
            return None
        columns = {field.name: getattr(family, field.name) for field in fields(Family)}
        return SimpleNamespace(**columns, user_id=self.user_id, **self._user)

    def family_of(self, row: Any) -> Family:
        return self.families[row.id]

    async def store(self, _tx: Any, family: Family, _origin: Any) -> None:
        self.families[family.id] = family

    async def end(self, _tx: Any, *, only: UUID | None = None, but: UUID | None = None, **_: Any) -> list[UUID]:
        ended = [each for each in self.families if each != but and only in {None, each}]
        for each in ended:
            del self.families[each]
        return ended

    async def revoke(self, _tx: Any, credential_ids: Iterable[UUID]) -> None:
        """Nobody else is there to be told."""
