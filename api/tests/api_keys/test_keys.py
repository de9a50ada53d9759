"""What a key looks like."""

import re

from hypothesis import given
from hypothesis import strategies as st

from app.api_keys.keys import is_key, new_key, shown


def test_a_new_key_is_one() -> None:
    keys = {new_key() for _ in range(200)}

    assert len(keys) == 200
    assert all(re.fullmatch("slp_[0-9A-Za-z]{46}", key) for key in keys)
    assert all(is_key(key) for key in keys)


@given(st.integers(0, 49), st.characters(codec="utf-8"))
def test_a_key_with_one_other_character_is_none(place: int, other: str) -> None:
    key = new_key()

    changed = key[:place] + other + key[place + 1 :]

    assert is_key(changed) == (changed == key)


@given(st.text())
def test_garbage_is_none(text: str) -> None:
    assert not is_key(text)
    assert not is_key(new_key() + text) or not text
    assert not is_key(new_key() + "\n")


def test_what_is_shown_is_its_beginning_only() -> None:
    key = new_key()

    assert key.startswith(shown(key))
    assert len(shown(key)) == 12
