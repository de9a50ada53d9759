"""A generation and its reader, without a connection between them."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from datetime import timedelta

import pytest

from app.core.errors import InternalError, Unavailable
from app.design.errors import TooManyDesigns
from app.design.events import DesignError
from app.design.service import Asker, Designer
from app.generators.base import Piece
from app.settings import DesignSettings, StreamSettings
from app.streams.connections import Connections
from app.streams.events import Event

ASKER = Asker("ada", 1)
CONNECTIONS = Connections(StreamSettings(), lambda: True)


class Script:
    """A generator that writes what it is given, and says how far it came and whether it was ended."""

    def __init__(self, pieces: Callable[[], Iterator[str]]) -> None:
        self._pieces = pieces
        self.written = 0
        self.has_ended = False

    async def stream(self, prompt: str, *, max_tokens: int) -> AsyncGenerator[Piece]:  # noqa: ARG002
        try:
            for piece in self._pieces():
                yield Piece(piece)
                self.written += 1
                await asyncio.sleep(0)
        finally:
            self.has_ended = True


def endless() -> Iterator[str]:
    while True:
        yield "word " * 100


def broken() -> Iterator[str]:
    yield "word"
    message = "not a GeneratorError"
    raise ValueError(message)


async def settled(script: Script) -> int:
    """How much was written once no more is."""
    before = -1
    while before != script.written:
        before = script.written
        for _ in range(100):
            await asyncio.sleep(0)
    return before


async def test_a_reader_that_lags_holds_the_generator_up() -> None:
    script = Script(endless)

    async with Designer(script, DesignSettings(), CONNECTIONS).writing("x", asker=ASKER) as writing:
        held = await settled(script)
        await writing.take(1)
        held_again = await settled(script)

    assert held * 500 < 20_000
    assert held < held_again < 3 * held


async def test_the_generator_ends_with_its_reader() -> None:
    script = Script(endless)

    async with Designer(script, DesignSettings(), CONNECTIONS).writing("x", asker=ASKER) as writing:
        await writing.take(1)

    assert script.has_ended


async def test_a_broken_generator_says_nothing_of_itself() -> None:
    script = Script(broken)

    async with Designer(script, DesignSettings(), CONNECTIONS).writing("x", asker=ASKER) as writing:
        await settled(script)
        [*_, ending] = await writing.take(1)
        with pytest.raises(InternalError):
            await writing.whole()

    assert isinstance(ending, DesignError)
    assert ending.code == "internal_error"
    assert "GeneratorError" not in ending.detail


async def test_nothing_follows_an_ending() -> None:
    script = Script(endless)

    async with Designer(script, DesignSettings(), CONNECTIONS).writing("x", asker=ASKER) as writing:
        await settled(script)
        writing.end(Unavailable())
        writing.end(InternalError())
        events = await writing.take(1)
        await settled(script)
        after = await writing.take(0.01)

    assert [event.type for event in events].count("error") == 1
    assert events[-1].type == "error"
    assert after == []


class Stubborn:
    """A generator that swallows its cancellation, as drivers do, and goes on."""

    def __init__(self) -> None:
        self.was_cancelled = asyncio.Event()

    async def stream(self, prompt: str, *, max_tokens: int) -> AsyncGenerator[Piece]:  # noqa: ARG002
        yield Piece("one")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.was_cancelled.set()
        yield Piece("more")


async def test_nor_does_what_a_generator_writes_that_won_t_be_cancelled() -> None:
    stubborn = Stubborn()

    async with Designer(stubborn, DesignSettings(), CONNECTIONS).writing("x", asker=ASKER) as writing:
        await writing.take(1)
        writing.end(Unavailable())
        events = await writing.take(1)
        await stubborn.was_cancelled.wait()
        after = await writing.take(0.01)

    assert [event.type for event in events] == ["error"]
    assert after == []


async def test_a_deadline_counts_the_whole_text() -> None:
    settings = DesignSettings(deadline=timedelta(milliseconds=50))

    async with Designer(Script(endless), settings, CONNECTIONS).writing("x", asker=ASKER) as writing:
        events: list[Event] = []
        async with asyncio.timeout(5):
            while not events or events[-1].type != "error":
                events += await writing.take(1)

    assert isinstance(events[-1], DesignError)
    assert events[-1].code == "timeout"


async def test_a_place_is_free_again_however_its_design_ended() -> None:
    designer = Designer(Script(broken), DesignSettings(), CONNECTIONS)

    for _ in range(3):
        async with designer.writing("x", asker=ASKER):
            with pytest.raises(TooManyDesigns):
                async with designer.writing("x", asker=ASKER):
                    pass
            async with designer.writing("x", asker=Asker("grace", 1)):
                pass


class Deaf:
    """A generator that doesn't end when it is cancelled."""

    def __init__(self) -> None:
        self.was_cancelled, self.may_end = asyncio.Event(), asyncio.Event()

    async def stream(self, prompt: str, *, max_tokens: int) -> AsyncGenerator[Piece]:  # noqa: ARG002
        yield Piece("one")
        for _ in range(2):  # of its writing's end, and of the loop's should the test fail
            try:
                await self.may_end.wait()
            except asyncio.CancelledError:
                self.was_cancelled.set()


async def test_also_where_nobody_waits_for_the_generator_s_end() -> None:
    deaf = Deaf()
    designer = Designer(deaf, DesignSettings(), CONNECTIONS)

    async def ask() -> None:
        async with designer.writing("x", asker=ASKER) as writing:
            await writing.take(1)

    asking = asyncio.create_task(ask())
    async with asyncio.timeout(10):
        await deaf.was_cancelled.wait()
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)

    assert asking.cancelled()
    async with designer.writing("x", asker=ASKER):
        deaf.may_end.set()


async def test_a_process_that_leaves_begins_nothing() -> None:
    designer = Designer(Script(endless), DesignSettings(), CONNECTIONS)
    designer.drain()

    with pytest.raises(Unavailable):
        async with designer.writing("x", asker=ASKER):
            pass
