"""What bodies have in common, on the way in and on the way out."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_DEEPEST = 32
_HOLDS_TEXT = (str, dict, list)
_Place: TypeAlias = "tuple[_Place, object] | None"


class Resource(BaseModel):
    """What is answered: read from a row or an object."""

    model_config = ConfigDict(from_attributes=True)


class Body(BaseModel):
    """What is asked. U+0000 and lone surrogates are refused wherever they stand: nothing could store or send them. So
    is what is nested deeper than anything of ours.
    """

    @model_validator(mode="before")
    @classmethod
    def _is_text(cls, value: Any) -> Any:
        for pointer, is_too_deep in _unfit(value):
            if is_too_deep:
                raise PydanticCustomError("too_deep", "It is nested too deeply", {"pointer": ""})
            raise PydanticCustomError(
                "unstorable_text", "Text must not contain U+0000 or lone surrogates", {"pointer": pointer}
            )
        return value


def _not_blank(value: str) -> str:
    if not value.strip():
        message = "must not be blank"
        raise ValueError(message)
    return value


NOT_BLANK = r"\S"
"""For the contract: as a pattern it says what the validators check."""

Prompt = Annotated[
    str,
    Field(
        min_length=1,
        max_length=8_000,
        examples=["A calendar that a village choir shares"],
        json_schema_extra={"pattern": NOT_BLANK},
    ),
    AfterValidator(_not_blank),
]
"""What somebody asks a generator for."""


def escaped(key: object) -> str:
    """A key as a JSON pointer has it."""
    return str(key).replace("~", "~0").replace("/", "~1")


def _unfit(value: Any) -> Iterator[tuple[str, bool]]:
    """The JSON pointers to texts that can't be stored, and to what is too deep."""
    # neither by recursion nor with a pointer for each place: a body of the allowed size can be deeper than Python's
    # stack, and half a megabyte of key above a long list took five seconds
    waiting: list[tuple[Any, _Place, int]] = [(value, None, 0)]
    while waiting:
        value, place, depth = waiting.pop()
        if isinstance(value, str):
            if _UNSTORABLE.search(value):
                yield _pointer(place), False
        elif depth == _DEEPEST:
            yield "", True
        elif isinstance(value, dict):
            if any(isinstance(key, str) and _UNSTORABLE.search(key) for key in value):
                yield _pointer(place), False  # the key itself could not be answered
            waiting += [(item, (place, key), depth + 1) for key, item in value.items() if isinstance(item, _HOLDS_TEXT)]
        elif isinstance(value, list):
            inner = enumerate(value)
            waiting += [(item, (place, index), depth + 1) for index, item in inner if isinstance(item, _HOLDS_TEXT)]


def _pointer(place: _Place) -> str:
    parts = []
    while place:
        place, key = place
        parts.append(f"/{escaped(key)}")
    return "".join(reversed(parts))
