"""One generation, from its start to its ending: in time, in bounded memory, and not for longer than it is read."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

import structlog

from app.core.aio import wait_until
from app.core.errors import InternalError, Problem
from app.design.errors import GeneratorFailed, TimedOut
from app.design.events import DesignDone, DesignError, error_of
from app.design.schemas import Design
from app.generators.base import Cleaner, GeneratorError, Piece, clean, plan_of
from app.settings import DesignSettings
from app.streams.events import Token, utf16_length

log = structlog.get_logger(__name__)

_MOST_WAITING = 16_384
_LAST_WORDS = 1.0
_CLOSING = 1.0


class Writing:
    """Writes into a bounded buffer, from which its one reader takes. A reader that lags holds the generator up."""

    def __init__(self, pieces: AsyncGenerator[Piece], settings: DesignSettings) -> None:
        loop = asyncio.get_running_loop()
        self.on_cut: Callable[[], object] = lambda: None
        self._waiting: list[Token | DesignDone | DesignError] = []
        self._size = 0
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._parts: list[str] = []
        self._length = 0
        self._ending: DesignDone | Problem | None = None
        # a task of its own: a generator's timeouts want to be entered and left in one
        self._producer = asyncio.create_task(self._run(pieces))
        self._first = loop.call_later(settings.first_token.total_seconds(), self.end, TimedOut("No word came in time."))
        self._timers = [
            self._first,
            loop.call_later(settings.deadline.total_seconds(), self.end, TimedOut("The text took too long.")),
        ]

    async def take(self, within: float) -> list[Token | DesignDone | DesignError]:
        """What was written since, the ending last; nothing after `within` seconds of silence."""
        await wait_until(self._news, within)
        self._news.clear()
        taken, self._waiting, self._size = self._waiting, [], 0
        self._room.set()
        return taken

    async def whole(self) -> Design:
        """The design when it is done. Raises the Problem that ended it."""
        while self._ending is None:
            await self.take(_CLOSING)
        if isinstance(self._ending, Problem):
            raise self._ending
        return Design(text="".join(self._parts), result=self._ending.result)

    def end(self, problem: Problem) -> None:
        """Ends it now, unless it has its ending. A reader that still doesn't read is cut a moment later."""
        self._finish(problem)
        self._producer.cancel()
        self._timers.append(asyncio.get_running_loop().call_later(_LAST_WORDS, self._cut))

    def _cut(self) -> None:
        self.on_cut()

    async def close(self) -> None:
        """Ends the work behind it: nobody reads any more."""
        for timer in self._timers:
            timer.cancel()
        self._producer.cancel()
        await asyncio.wait({self._producer}, timeout=_CLOSING)

    async def _run(self, pieces: AsyncGenerator[Piece]) -> None:
        try:
            await self._write(pieces)
        except GeneratorError as refused:
            kind = TimedOut if refused.code == TimedOut.code else GeneratorFailed
            self._finish(kind(clean(refused.detail)))
        except Exception:
            log.exception("the generator is broken")
            self._finish(InternalError())
        else:
            self._finish(DesignDone(text_length=self._length, result=plan_of("".join(self._parts))))

    async def _write(self, pieces: AsyncGenerator[Piece]) -> None:
        cleaner = Cleaner()
        async with aclosing(pieces):
            async for piece in pieces:
                await self._add(cleaner.feed(piece.text))
        await self._add(cleaner.flush())

    async def _add(self, text: str) -> None:
        if not text:
            return
        self._first.cancel()
        await self._room.wait()
        if self._ending:  # a cancellation is on its way
            return
        self._push(Token(offset=self._length, text=text))
        self._parts.append(text)
        self._length += utf16_length(text)
        self._size += len(text)
        if self._size > _MOST_WAITING:
            self._room.clear()

    def _finish(self, ending: DesignDone | Problem) -> None:
        if self._ending is None:
            self._first.cancel()
            self._ending = ending
            self._push(error_of(ending) if isinstance(ending, Problem) else ending)

    def _push(self, event: Token | DesignDone | DesignError) -> None:
        self._waiting.append(event)
        self._news.set()
