from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.core.ids import new_id
from app.core.pagination import Cursor, decode_cursor, encode_cursor

CURSOR: TypeAdapter[str] = TypeAdapter(Cursor)


@given(st.uuids())
def test_a_cursor_comes_back(found: UUID) -> None:
    assert decode_cursor(CURSOR.validate_python(encode_cursor(found))) == found


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        CURSOR.validate_python(text)


def test_a_cursor_has_one_spelling() -> None:
    cursor = encode_cursor(new_id())

    for other in (f"{cursor}=", f" {cursor}", f"{cursor}\n", cursor[:-1], cursor[:-1] + "_"):
        with pytest.raises(ValidationError):
            CURSOR.validate_python(other)
