"""The parts that can be killed, on the wire."""

from typing import Literal

from pydantic import BaseModel, Field

PartName = Literal["api", "worker", "valkey"]


class Part(BaseModel):
    """A part of the stack, as its launcher sees it."""

    name: PartName
    pid: int | None = Field(description="The process that does the work; null while there is none of ours")
    ready: bool


class Parts(BaseModel):
    """Every part that can be killed here."""

    items: list[Part]
