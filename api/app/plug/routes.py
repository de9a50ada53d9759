"""Killing the parts of one's own stack over HTTP: in development only, elsewhere these addresses don't exist."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Path
from starlette.requests import HTTPConnection

from app.core.caller import SignedIn
from app.core.errors import Unavailable, problems
from app.core.same_site import SameSite
from app.plug import service
from app.plug.errors import PartIsDown
from app.plug.schemas import Part, PartName, Parts

router = APIRouter(prefix="/plug", tags=["plug"])


async def _control(connection: HTTPConnection) -> str:
    socket: str = connection.app.state.settings.app.control_socket
    return socket


Control = Annotated[str, Depends(_control)]


@router.get("", responses=problems(Unavailable))
async def list_parts(_caller: SignedIn, control: Control) -> Parts:
    """The parts that can be killed, and how they are."""
    return await service.parts(control)


@router.post("/{part}/kill", status_code=202, responses=problems(PartIsDown, Unavailable))
async def kill_part(
    name: Annotated[PartName, Path(alias="part")],
    _caller: SignedIn,
    _same_site: SameSite,
    control: Control,
    after: BackgroundTasks,
) -> Part:
    """Kills a part; the launcher starts it again. Gives the part as it was."""
    part = await service.running(control, name)
    after.add_task(service.kill, part)  # the API answers before it kills itself
    return part
