import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import InvalidRequest
from app.core.ids import new_id
from app.core.pagination import decode_cursor, encode_cursor


def test_a_cursor_comes_back() -> None:
    found = new_id()

    assert decode_cursor(encode_cursor(found)) == found


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest):
        decode_cursor(text)


def test_a_cursor_has_one_spelling() -> None:
    cursor = encode_cursor(new_id())

    for other in (f"{cursor}=", f" {cursor}", f"{cursor}\n", cursor[:-1], cursor[:-1] + "_"):
        with pytest.raises(InvalidRequest):
            decode_cursor(other)
