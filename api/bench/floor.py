"""The floor of `make bench-api`: what the server itself costs, with an answer that says hello."""

from starlette.types import Receive, Scope, Send

_HEADERS = [(b"content-type", b"text/plain"), (b"content-length", b"5")]


async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": b"hello"})
