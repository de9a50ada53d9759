"""Cursors: one order over every event a stream ever had, across attempts."""

import re
from typing import NamedTuple, Self

ENDING = 2**53 - 1
"""The `seq` of every ending: exact in Lua and JavaScript, so that no later event of the attempt can follow it."""

_CURSOR = re.compile(r"(0|[1-9][0-9]{0,15})-(0|[1-9][0-9]{0,15})")


class Cursor(NamedTuple):
    """A place in a stream: everything up to and with entry `seq` of `attempt`. Compares as a tuple does."""

    attempt: int
    seq: int

    @classmethod
    def parse(cls, text: str | None) -> Self | None:
        """The cursor that `text` stands for, or None where it is not one: garbage counts as no cursor."""
        found = _CURSOR.fullmatch(text or "")
        if not found:
            return None
        cursor = cls(int(found[1]), int(found[2]))
        is_nowhere = cursor.attempt == 0 and 0 < cursor.seq < ENDING - 1  # nothing is written before the first attempt
        return None if is_nowhere or max(cursor) > ENDING else cursor

    def __str__(self) -> str:
        return f"{self.attempt}-{self.seq}"

    @property
    def is_ending(self) -> bool:
        return self.seq == ENDING

    def ending(self) -> "Cursor":
        """The cursor of this attempt's ending."""
        return Cursor(self.attempt, ENDING)

    def follows(self, other: "Cursor") -> bool:
        """Whether nothing can be missing in between: the next entry, or the first of a later attempt."""
        if self.attempt == other.attempt:
            return self.seq == other.seq + 1
        return self.attempt > other.attempt and self.seq == 1


TOMBSTONE = Cursor(ENDING, ENDING)
"""Above every attempt: what a deletion appends, so that no attempt can write again."""
