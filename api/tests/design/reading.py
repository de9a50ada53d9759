"""Somebody who asks for designs and reads them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

KEY = "8f14e45fceea167a5a36dedd4bea2543"
PROMPT = {"prompt": "A seed library"}
ENDINGS = {"done", "error"}


class Reading:
    """An open stream and the events that came so far."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.events: list[dict[str, Any]] = []
        self._pieces = response.aiter_bytes()
        self._waiting = b""

    @property
    def types(self) -> list[str]:
        """What came, but for heartbeats, whose number is up to the clock."""
        return [event["type"] for event in self.events if event["type"] != "heartbeat"]

    @property
    def text(self) -> str:
        """The text, as the rules of the wire make it."""
        text = ""
        for event in self.events:
            if event["type"] == "token":
                assert event["offset"] == len(text.encode("utf-16-le")) // 2
                text += event["text"]
        return text

    async def until(self, *types: str) -> None:
        """Reads until an event of one of `types` came, or to the end of the body."""
        async for piece in self._pieces:
            *frames, self._waiting = (self._waiting + piece).split(b"\n\n")
            came = [_event(frame) for frame in frames]
            self.events += came
            if any(event["type"] in types for event in came):
                return
        assert self._waiting == b""


def _event(frame: bytes) -> dict[str, Any]:
    name, data = frame.decode().split("\n")
    event: dict[str, Any] = json.loads(data.removeprefix("data: "))
    assert name == f"event: {event['type']}"
    return event


class Asking:
    """A browser on the site."""

    def __init__(self, browser: httpx.AsyncClient) -> None:
        self.browser = browser

    async def whole(self, **headers: str) -> httpx.Response:
        return await self.browser.post("/api/design", json=PROMPT, headers=headers)

    @asynccontextmanager
    async def stream(self, **headers: str) -> AsyncIterator[Reading]:
        async with self.browser.stream("POST", "/api/design/stream", json=PROMPT, headers=headers) as response:
            yield Reading(response)
