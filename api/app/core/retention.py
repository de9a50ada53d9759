"""Deletes what has outlived its setting, a batch at a time, so that no statement holds up anybody else."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from time import monotonic
from typing import NamedTuple

import structlog
from sqlalchemy import text

from app.core.db import Database
from app.settings import Settings

log = structlog.get_logger(__name__)

_BATCH = 1_000
_BATCH_WITHIN = 15.0
_GIVE_UP_AFTER = 45.0  # of the minute that a job may take; the rest is the next one's


class Outlived(NamedTuple):
    """Rows that are kept for a time."""

    name: str
    statement: str
    """SQL that takes away at most `:limit` rows that are older than `:age`, and returns as many."""
    age: Callable[[Settings], timedelta | None]
    """None: they stay."""


def delete_old(table: str, key: str, since: str) -> str:
    """The statement for rows whose time began at the column `since`.

    Theirs are an array: how many a subquery gives is a guess, and by a guess of too many the whole table is read.
    """
    return f"""
        DELETE FROM {table} WHERE {key} = ANY(ARRAY(
            SELECT {key} FROM {table} WHERE {since} < now() - CAST(:age AS interval) ORDER BY {since} LIMIT :limit
        )) RETURNING 1
    """


async def prune(db: Database, settings: Settings, outlived: Iterable[Outlived], *, batch: int = _BATCH) -> None:
    """Takes away all there is, or as much as there is time for; what fails is the next turn's."""
    until = monotonic() + _GIVE_UP_AFTER
    for each in outlived:
        age = each.age(settings)
        if age is None:
            continue
        count = 0
        try:
            taken = batch
            while taken == batch and monotonic() < until:
                rows = await db.execute(text(each.statement), {"age": age, "limit": batch}, within=_BATCH_WITHIN)
                taken = len(rows)
                count += taken
        except Exception as error:
            log.warning("what outlived its time can't be deleted", what=each.name, error=repr(error))
        if count:
            log.info("outlived its time", what=each.name, count=count)
