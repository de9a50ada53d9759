"""The events that every stream has, whatever it carries."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.streams.log import Record

Offset = Annotated[int, Field(ge=0, description="UTF-16 code units")]


class Event(BaseModel):
    """One message of a stream; `type` names it on the wire."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)

    type: str


class Token(Event):
    """More text; `offset` is the length of all text before it."""

    type: Literal["token"] = "token"
    offset: Offset
    text: str


class Reset(Event):
    """Forget the text: the stream enters another attempt, or the database no longer knows the client's cursor."""

    type: Literal["reset"] = "reset"
    reason: Literal["new_attempt", "log_lost"]


class Heartbeat(Event):
    """The stream is silent and well; sent after 10 s of silence at most."""

    type: Literal["heartbeat"] = "heartbeat"
    at: datetime


def utf16_length(text: str) -> int:
    """The length that a browser's `String.length` gives."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def record(event: Event, *, after: int | None = None) -> Record:
    """The event as the log keeps it. Its bytes are fixed here."""
    return Record(event.type, event.model_dump_json().encode(), after)


NEW_ATTEMPT = record(Reset(reason="new_attempt"))
LOG_LOST = record(Reset(reason="log_lost"))


def heartbeat() -> Record:
    return record(Heartbeat(at=datetime.now(UTC)))
