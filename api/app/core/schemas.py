"""What bodies have in common, on the way in and on the way out."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class Resource(BaseModel):
    """What is answered: read from a row or an object."""

    model_config = ConfigDict(from_attributes=True)


class Body(BaseModel):
    """What is asked. U+0000 and lone surrogates are refused wherever they stand: nothing could store or send them."""

    @model_validator(mode="before")
    @classmethod
    def _is_text(cls, value: Any) -> Any:
        for pointer in _unstorable(value, ""):
            raise PydanticCustomError(
                "unstorable_text", "Text must not contain U+0000 or lone surrogates", {"pointer": pointer}
            )
        return value


def escaped(key: object) -> str:
    """A key as a JSON pointer has it."""
    return str(key).replace("~", "~0").replace("/", "~1")


def _unstorable(value: Any, pointer: str) -> Iterator[str]:
    """The JSON pointers to texts that can't be stored."""
    if isinstance(value, str):
        if _UNSTORABLE.search(value):
            yield pointer
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(key, str) and _UNSTORABLE.search(key):
                yield pointer  # the key itself could not be answered
            yield from _unstorable(item, f"{pointer}/{escaped(key)}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unstorable(item, f"{pointer}/{index}")
