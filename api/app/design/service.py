"""Who may have how much written at a time, and what becomes of it when the process leaves."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from app.core.errors import Unavailable
from app.design.errors import TooManyDesigns
from app.design.writing import Writing
from app.generators import get_generator
from app.generators.base import Generator
from app.settings import DesignSettings, Settings
from app.streams.serving import before_exit


class Asker(NamedTuple):
    """On whose account a design is written, and how many they may have at a time."""

    account: str
    limit: int


class Designer:
    """The designs that this process writes."""

    def __init__(self, generator: Generator, settings: DesignSettings) -> None:
        self._generator = generator
        self._settings = settings
        self._open: set[Writing] = set()
        self._held: Counter[str] = Counter()
        self._is_leaving = False

    @asynccontextmanager
    async def writing(self, prompt: str, *, asker: Asker) -> AsyncIterator[Writing]:
        """A design that is written as long as the context lasts. Raises TooManyDesigns, Unavailable."""
        if self._is_leaving:
            raise Unavailable
        if self._held[asker.account] >= asker.limit:
            raise TooManyDesigns
        self._held[asker.account] += 1
        writing = Writing(self._generator.stream(prompt, max_tokens=self._settings.max_tokens), self._settings)
        self._open.add(writing)
        try:
            yield writing
        finally:
            self._open.discard(writing)
            await writing.close()
            self._held[asker.account] -= 1
            self._held += Counter()  # forgets who has none

    def drain(self) -> None:
        """Ends every design with an error, and begins no other."""
        self._is_leaving = True
        for writing in self._open:
            writing.end(Unavailable("The server restarts: ask again."))


@asynccontextmanager
async def designing(settings: Settings) -> AsyncIterator[Designer]:
    """Writes designs while the context lasts; SIGTERM drains them."""
    designer = Designer(get_generator(settings.generator), settings.design)
    unhook = before_exit(designer.drain)
    try:
        yield designer
    finally:
        unhook()
