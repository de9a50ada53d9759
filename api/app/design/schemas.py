"""Designs on the wire."""

from pydantic import BaseModel

from app.core.schemas import Body, Prompt
from app.generators.base import Plan


class DesignCreate(Body):
    """What is to be designed."""

    prompt: Prompt


class Design(BaseModel):
    """A design: the text, and the same as data."""

    text: str
    result: Plan
