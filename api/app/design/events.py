"""The events of a design's stream."""

from typing import Annotated, Literal

from pydantic import Field

from app.core.errors import Problem
from app.generators.base import Plan
from app.streams.events import Event, Heartbeat, Offset, Token


class DesignDone(Event):
    """The end: the text is whole."""

    type: Literal["done"] = "done"
    text_length: Offset
    result: Plan


class DesignError(Event):
    """The end: the text stays as it is."""

    type: Literal["error"] = "error"
    code: Literal["generator_failed", "timeout", "unavailable", "internal_error"]
    detail: str


DesignEvent = Annotated[Token | Heartbeat | DesignDone | DesignError, Field(discriminator="type")]
"""Everything that a design's stream can say."""


def error_of(problem: Problem) -> DesignError:
    """The problem as a stream tells it."""
    return DesignError.model_validate({"code": problem.code, "detail": problem.detail})
