"""Cursors: parsed strictly, ordered across attempts."""

import pytest

from app.streams.cursor import ENDING, Cursor


@pytest.mark.parametrize("text", ["0-0", "1-7", f"3-{ENDING}", f"0-{ENDING - 1}"])
def test_a_cursor_is_read_as_it_is_written(text: str) -> None:
    assert str(Cursor.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [None, "", "1", "1-", "-1", "a-b", "1-2-3", " 1-2", "1-2\n", "+1-2", "01-2", "1-9007199254740992", "1-٣", "0-5"],
)
def test_garbage_is_no_cursor(text: str | None) -> None:
    assert Cursor.parse(text) is None


def test_order_goes_across_attempts() -> None:
    assert Cursor(1, 9) < Cursor(1, ENDING) < Cursor(2, 0) < Cursor(2, 1)


def test_only_the_next_entry_or_the_first_of_a_later_attempt_follows() -> None:
    assert Cursor(1, 3).follows(Cursor(1, 2))
    assert Cursor(4, 1).follows(Cursor(1, 2))
    assert not Cursor(1, 4).follows(Cursor(1, 2))
    assert not Cursor(2, 2).follows(Cursor(1, 2))
    assert not Cursor(1, 1).follows(Cursor(2, 2))
