"""A read that is compiled once and asked of the driver itself.

SQLAlchemy takes three times as long as the driver for one row: it builds the statement, looks for its compiled form and
describes the result, each time anew. What is written by it and lent by its pool stays so.
"""

from collections.abc import Mapping
from typing import Any

import asyncpg
from sqlalchemy import Select
from sqlalchemy.dialects.postgresql.asyncpg import dialect

_DIALECT = dialect()  # type: ignore[no-untyped-call]


class Record(asyncpg.Record):  # type: ignore[misc] # asyncpg has no types
    """A row, by the names of its columns."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


def fields(row: Any) -> dict[str, Any]:
    """A row of a query as a model takes it soonest: by attributes it would ask for each by its name."""
    if isinstance(row, Record):
        return dict(row)
    own: dict[str, Any] = row._asdict()
    return own


class Query:
    """A SELECT whose values are parameters by name. Raises TypeError for one that the driver alone can't answer."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self.statement = statement
        compiled = statement.compile(dialect=_DIALECT)
        columns = [column.type.dialect_impl(_DIALECT) for column in statement.selected_columns]
        values = [bound.type.dialect_impl(_DIALECT) for bound in compiled.binds.values()]
        between = [kind.result_processor(_DIALECT, None) for kind in columns]
        between += [kind.bind_processor(_DIALECT) for kind in values]
        if compiled.post_compile_params or any(between):
            raise TypeError(f"SQLAlchemy has to be in between: {compiled}")
        self.sql = str(compiled)
        self._names = tuple(compiled.positiontup or ())
        self._fixed = {name: bound.value for name, bound in compiled.binds.items() if not bound.required}

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """The values in the order of the SQL. Raises KeyError where one is missing."""
        return [values[name] if name in values else self._fixed[name] for name in self._names]
