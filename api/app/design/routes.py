"""Designs over HTTP: here the connection is the work."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from starlette.requests import HTTPConnection

from app.core.caller import calling, require
from app.core.errors import CrossSite, InsufficientScope, Unauthenticated, Unavailable, problems, raises
from app.core.limits import Limits
from app.core.security import SESSION, admits, api_key, scheme
from app.design.errors import GeneratorFailed, TimedOut, TooManyDesigns
from app.design.schemas import Design, DesignCreate
from app.design.service import Asker, Designer
from app.design.stream import DesignStream, while_connected
from app.settings import Settings

router = APIRouter(prefix="/design", tags=["design"])


PROXY_KEY = scheme(
    "proxyKey",
    {
        "type": "apiKey",
        "in": "header",
        "name": "X-Streaming-Proxy-Key",
        "description": "The deployment's STREAMING_PROXY_KEY, where it has one.",
    },
)


async def _designer(connection: HTTPConnection) -> Designer:
    designer: Designer = connection.app.state.designer
    return designer


@admits(SESSION, api_key("design"), PROXY_KEY)
@raises(Unauthenticated, CrossSite, InsufficientScope)
async def _asker(
    connection: HTTPConnection,
    limits: Limits,
    key: Annotated[
        str | None,
        Header(alias="X-Streaming-Proxy-Key", description="The deployment's STREAMING_PROXY_KEY, instead of a session"),
    ] = None,
) -> Asker:
    """Whoever has the key, wherever they come from; else who is signed in, on the site itself."""
    settings: Settings = connection.app.state.settings
    if settings.design.accepts_key(key):
        return Asker("the proxy key", settings.design.per_proxy_key)
    caller = require(await calling(connection), "design")
    await limits.by_account("designs", caller.user_id)
    return Asker(str(caller.user_id), settings.design.per_user, caller.credential_id)


Designs = Annotated[Designer, Depends(_designer)]
Asking = Annotated[Asker, Depends(_asker)]


@router.post("", responses=problems(TooManyDesigns, GeneratorFailed, Unavailable, TimedOut))
async def write_design(body: DesignCreate, asker: Asking, designs: Designs, request: Request) -> Design:
    """Writes a design and answers when it is whole. Whoever goes before that stops it."""
    async with designs.writing(body.prompt, asker=asker) as writing:
        return await while_connected(writing.whole(), request.receive)


@router.post(
    "/stream",
    status_code=200,
    response_class=DesignStream,
    responses={
        200: {"content": {"text/event-stream": {"schema": {"$ref": "#/components/schemas/DesignEvent"}}}},
        **problems(TooManyDesigns, Unavailable),
    },
)
async def stream_design(body: DesignCreate, asker: Asking, designs: Designs, request: Request) -> DesignStream:
    """A design as it is written, and its ending; the data of each event is one DesignEvent. Whoever goes stops it."""
    settings: Settings = request.app.state.settings
    return DesignStream(designs.writing(body.prompt, asker=asker), settings.streams.heartbeat.total_seconds())
