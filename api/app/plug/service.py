"""Asks the launcher what runs, and kills it."""

import asyncio
import json
import os
import signal
from contextlib import suppress
from typing import get_args

from app.plug.errors import PartIsDown
from app.plug.schemas import Part, PartName, Parts

_NAMES = get_args(PartName)
_ANSWERS_WITHIN = 10.0


async def parts(control: str) -> Parts:
    """The parts as the launcher behind this socket sees them. Raises OSError when it isn't there, or leaves."""
    async with asyncio.timeout(_ANSWERS_WITHIN):
        reader, writer = await asyncio.open_unix_connection(control)
        try:
            writer.write(b"status\n")
            answer = await reader.read()
        finally:
            writer.close()
    if not answer:
        raise ConnectionResetError
    services = json.loads(answer)["services"]
    return Parts(items=[Part.model_validate(service) for service in services if service["name"] in _NAMES])


async def running(control: str, name: PartName) -> Part:
    """The part, which has a process. Raises PartIsDown when it hasn't."""
    for part in (await parts(control)).items:
        if part.name == name and part.pid:
            return part
    raise PartIsDown


def kill(part: Part) -> None:
    """Ends the part's process as no shutdown handler can see it."""
    if part.pid:
        with suppress(ProcessLookupError):  # it went by itself
            os.kill(part.pid, signal.SIGKILL)
