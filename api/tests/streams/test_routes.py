"""The door of `/ws/events`, where the client is gone before it is through."""

from typing import Any

import pytest
from fastapi import FastAPI

from app.streams.connections import Connections
from tests.people import Person


@pytest.mark.parametrize("answer", ["welcomed", "one too many", "refused"])
async def test_a_client_that_goes_in_its_handshake_is_no_error(
    app: FastAPI, person: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, answer: str
) -> None:
    if answer == "one too many":
        monkeypatch.setattr(Connections, "is_full", lambda *_: True)
    site = app.state.settings.app.site_url
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in person.browser.cookies.jar)
    headers = {"origin": site, "cookie": cookies if answer != "refused" else ""}

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(_message: Any) -> None:
        raise BrokenPipeError

    scope = {
        "type": "websocket", "path": "/ws/events", "raw_path": b"/ws/events", "root_path": "", "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "extensions": {"websocket.http.response": {}}, "subprotocols": [],
    }  # fmt: skip
    await app(scope, receive, send)

    assert not [line for line in caplog.records if line.levelname in {"WARNING", "ERROR"}]
