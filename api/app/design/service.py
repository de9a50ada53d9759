"""Who may have how much written at a time, and what becomes of it when the process leaves."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from functools import partial
from typing import NamedTuple
from uuid import UUID

from app.core.errors import Unavailable
from app.design.errors import TooManyDesigns
from app.design.writing import Writing
from app.generators import get_generator
from app.generators.base import Generator
from app.settings import DesignSettings, Settings
from app.streams.connections import Connections
from app.streams.serving import before_exit


class Asker(NamedTuple):
    """On whose account a design is written, and how many they may have at a time."""

    account: str
    limit: int
    credential: UUID | None = None


class Designer:
    """The designs that this process writes, each while its session or key lasts, which `connections` know."""

    def __init__(self, generator: Generator, settings: DesignSettings, connections: Connections) -> None:
        self._generator = generator
        self._settings = settings
        self._connections = connections
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
            with self._while_signed_in(asker, writing):
                yield writing
        finally:
            self._open.discard(writing)
            try:
                await writing.close()
            finally:  # whoever cuts the waiting short
                self._held[asker.account] -= 1
                self._held += Counter()  # forgets who has none

    def _while_signed_in(self, asker: Asker, writing: Writing) -> AbstractContextManager[None]:
        if asker.credential is None:
            return nullcontext()
        return self._connections.bound(asker.credential, partial(writing.end, Unavailable("You have signed out.")))

    def drain(self) -> None:
        """Ends every design with an error, and begins no other."""
        self._is_leaving = True
        for writing in self._open:
            writing.end(Unavailable("The server restarts: ask again."))


@asynccontextmanager
async def designing(settings: Settings, connections: Connections) -> AsyncIterator[Designer]:
    """Writes designs while the context lasts; SIGTERM drains them."""
    designer = Designer(get_generator(settings.generator), settings.design, connections)
    unhook = before_exit(designer.drain)
    try:
        yield designer
    finally:
        unhook()
