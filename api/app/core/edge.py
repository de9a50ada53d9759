"""The outermost layer of a request: its id, its log line, the limit of its body, and an answer to what nobody caught.

Plain ASGI: one BaseHTTPMiddleware would halve what a process can serve, and it cuts streams off from their client.
"""

import re
from collections.abc import Awaitable, Callable, Iterable
from http import HTTPStatus
from time import perf_counter

import structlog
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, clear_contextvars

from app.core.errors import InternalError, TooLarge
from app.core.ids import new_id

log = structlog.get_logger(__name__)

MAX_BODY_BYTES = 1_048_576
_SANE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,127}")
_STARTS = frozenset({"http.response.start", "websocket.http.response.start", "websocket.accept"})
# an answer of the API is data: nothing in it is to be loaded, run or framed, and it leads nowhere
_USUAL = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
_Header = tuple[bytes, bytes]
_NOISE = frozenset({"/api/healthz", "/api/readyz"})


class Edge:
    """Gives each request an id (a sane one of the client's is kept) and writes one line about it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return

        began = perf_counter()
        given = _first(scope, b"x-request-id").decode("latin-1")
        request_id = given if _SANE_ID.fullmatch(given) else new_id().hex
        scope.setdefault("state", {})["request_id"] = request_id
        clear_contextvars()
        bind_contextvars(request_id=request_id)
        status = 0
        method = scope.get("method", "WEBSOCKET")

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "websocket.close":
                status = message.get("code", 1000) if status else HTTPStatus.FORBIDDEN
            elif message["type"] in _STARTS:
                status = message.get("status", HTTPStatus.SWITCHING_PROTOCOLS)
                message["headers"] = _dressed(message.get("headers", ()), request_id, scope["state"].get(_HEADERS))
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
            await _outlived(scope, receive, send_with_headers)
        except Exception:
            log.exception("unhandled", method=method, path=scope["path"])
            if status:  # the answer is under way: the server has to cut it
                raise
            await InternalError().response(scope)(scope, receive, send_with_headers)
        finally:
            # without the query: a redirect from an identity provider carries a code there
            client = (scope.get("client") or ("", 0))[0]  # who connected, or whom a proxy of ours names
            line = {"method": method, "path": scope["path"], "status": status, "client": client}
            level = log.debug if scope["path"] in _NOISE and status == HTTPStatus.OK else log.info
            level("request", **line, ms=round((perf_counter() - began) * 1_000, 1))


# On the pairs themselves: a request has few, and Starlette's views of them took a tenth of what a small one costs.
def _first(scope: Scope, wanted: bytes, otherwise: bytes = b"") -> bytes:
    """The value of a request's header; a server gives their names in lower case."""
    for name, value in scope["headers"]:
        if name == wanted:
            found: bytes = value
            return found
    return otherwise


def _dressed(given: Iterable[_Header], request_id: str, more: dict[str, str] | None) -> list[_Header]:
    """The headers of an answer with what all have; `more` replaces what is there, the usual ones don't."""
    headers = [(name.lower(), value) for name, value in given]
    own = {b"x-request-id": request_id.encode()}
    own |= {name.lower().encode(): value.encode("latin-1") for name, value in (more or {}).items()}
    headers = [header for header in headers if header[0] not in own]
    names = {name for name, _ in headers} | own.keys()
    headers += own.items()
    headers += [header for header in _USUAL if header[0] not in names]
    return headers


def headers_of_answer(scope: Scope) -> dict[str, str]:
    """What the answer to this request is to carry, whoever gives it in the end, an error included."""
    headers: dict[str, str] = scope["state"].setdefault(_HEADERS, {})
    return headers


Lasting = Callable[[Receive, Send], Awaitable[None]]

_LASTING = "lasting"
_HEADERS = "headers"
_OF_THE_SERVER = frozenset(
    {
        "type", "asgi", "http_version", "server", "client", "scheme", "method", "root_path", "path", "raw_path",
        "query_string", "headers", "state", "extensions",
    }
)  # fmt: skip


def outlive(scope: Scope, lasting: Lasting) -> None:
    """Has the outermost layer answer by `lasting`, when all others have returned.

    What they hold for a request, from its validated parameters to their exit stacks, is 9 KB: too much for a stream
    that waits.
    """
    scope["state"][_LASTING] = lasting


async def _outlived(scope: Scope, receive: Receive, send: Send) -> None:
    if lasting := scope["state"].pop(_LASTING, None):
        for name in scope.keys() - _OF_THE_SERVER:
            del scope[name]  # what the layers left for each other
        await lasting(receive, send)


class BodyLimit:
    """Refuses a body that is announced as too large, and stops reading one that turns out to be."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        announced = _first(scope, b"content-length", b"0")
        if not announced.isdigit() or len(announced) > 18 or int(announced) > MAX_BODY_BYTES:  # noqa: PLR2004
            await TooLarge().response(scope)(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > MAX_BODY_BYTES:
                raise HTTPException(TooLarge.status)  # FastAPI lets only these out of its reading of a body
            return message

        await self._app(scope, counted, send)
