"""The cross-site rule: what a cookie authorises, what sets one and what opens a stream comes from the site itself."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from app.core.caller import Caller, calling
from app.core.errors import CrossSite, raises
from app.settings import SiteSettings

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def require_same_site(connection: HTTPConnection) -> None:
    """Raises CrossSite unless the browser says that the request is the site's own.

    `Sec-Fetch-Site` decides where it is sent, else `Origin`. With neither a safe request passes, an unsafe one doesn't.
    A WebSocket needs a good Origin besides: browsers always send it there, and not all of them the other.
    """
    site: SiteSettings = connection.app.state.settings.app
    fetched_from = connection.headers.get("sec-fetch-site")
    origin = connection.headers.get("origin")
    if connection.scope["type"] == "websocket":
        allowed = origin is not None and site.accepts_origin(origin) and fetched_from in {None, "same-origin"}
    elif fetched_from is not None:
        allowed = fetched_from == "same-origin"
    elif origin is not None:
        allowed = site.accepts_origin(origin)
    else:
        allowed = connection.scope["method"] in _SAFE
    if not allowed:
        raise CrossSite


def is_unsafe(connection: HTTPConnection) -> bool:
    """Whether the request may change something."""
    return connection.scope["type"] != "http" or connection.scope["method"] not in _SAFE


@raises(CrossSite)
async def _same_site(connection: HTTPConnection) -> None:
    require_same_site(connection)


SameSite = Annotated[None, Depends(_same_site)]
"""For a route that sets a cookie, whoever calls it."""


@raises(CrossSite)
async def _same_site_stream(connection: HTTPConnection, caller: Annotated[Caller, Depends(calling)]) -> None:
    if caller.scopes is None:  # a key is enough by itself: no browser sends it along
        require_same_site(connection)


SameSiteStream = Annotated[None, Depends(_same_site_stream)]
"""For a route that opens a stream."""
