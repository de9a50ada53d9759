"""Gives the planner's text token by token, at a rate that holds however late the event loop is."""

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from itertools import islice

from app.generators.base import Piece
from app.generators.offline.reading import read
from app.generators.offline.writing import deepen, main

SHORTEST = 300
_TOKEN = re.compile(r"\s*(?:\w{1,8}|[^\w\s]{1,3})|\s+")
_TICK = 0.005


class OfflineGenerator:
    """Needs no key and no network. The same prompt gives the same text."""

    def __init__(
        self,
        *,
        tokens_per_second: float,
        tokens: int = 0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._rate = tokens_per_second
        self._tokens = tokens
        self._clock = clock
        self._sleep = sleep

    async def stream(self, prompt: str, *, max_tokens: int) -> AsyncGenerator[Piece]:
        """Token `i` is due `i / rate` seconds after the start: a late one delays no other, it comes with the next."""
        tokens = compose(prompt, tokens=self._tokens, max_tokens=max_tokens)
        start = self._clock()
        sent = 0
        while sent < len(tokens):
            due = min(len(tokens), int((self._clock() - start) * self._rate + 1e-6) + 1)
            if due > sent:
                yield Piece("".join(tokens[sent:due]), due - sent, due / len(tokens))
                sent = due
            # never shorter than a tick: above 200 tokens a second a piece carries several
            await self._sleep(max(start + sent / self._rate - self._clock(), _TICK if sent < len(tokens) else 0))


def compose(prompt: str, *, tokens: int = 0, max_tokens: int) -> list[str]:
    """The whole text as tokens: exactly `tokens` of them, or with 0 as many as the request asks for."""
    request = read(prompt)
    plan = list(tokenized(main(prompt, request)))
    length = tokens or max(SHORTEST, request.asked or len(plan))
    if length > len(plan):
        plan += islice(tokenized(deepen(request)), length - len(plan))
    return plan[: min(length, max_tokens)]


def tokenized(texts: Iterator[str]) -> Iterator[str]:
    """Pieces of words, as a model's tokens are; joined they are the text."""
    for text in texts:
        yield from _TOKEN.findall(text)
