"""What every generator has in common, and what its users need to know of it."""

from collections.abc import AsyncGenerator
from typing import NamedTuple, Protocol

from app.generators.plan import Milestone, Plan, Risk, StackChoice, plan_of

__all__ = [
    "Cleaner",
    "Generator",
    "GeneratorError",
    "Milestone",
    "Piece",
    "Plan",
    "Risk",
    "StackChoice",
    "clean",
    "plan_of",
]


class Piece(NamedTuple):
    """A part of the text, how many tokens it is, and how far the whole is (0 to 1, None when nobody knows)."""

    text: str
    tokens: int = 1
    progress: float | None = None


class GeneratorError(Exception):
    """Why there will be no more text: `code` for programs, `detail` for the person who waits."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class Generator(Protocol):
    """Writes a text for a prompt. Closing what `stream` returns ends the work behind it."""

    def stream(self, prompt: str, *, max_tokens: int) -> AsyncGenerator[Piece]:
        """Gives the text in pieces, at most `max_tokens` in all. Raises GeneratorError."""
        ...


class Cleaner:
    """Makes a text of pieces that every JSON parser, browser and database can hold, however it was cut.

    U+0000 is dropped (Postgres has no place for it), halves of a surrogate pair that arrive apart are joined, and
    a half that stays alone becomes U+FFFD.
    """

    def __init__(self) -> None:
        self._held = ""

    def feed(self, piece: str) -> str:
        """The cleaned text that is certain after this piece."""
        text = self._held + piece.replace("\0", "")
        self._held = text[-1] if text and "\ud800" <= text[-1] <= "\udbff" else ""
        return _paired(text.removesuffix(self._held))

    def flush(self) -> str:
        """What was held back, once no other piece can come."""
        held, self._held = self._held, ""
        return "\ufffd" if held else ""


def clean(text: str) -> str:
    """A whole text, cleaned."""
    cleaner = Cleaner()
    return cleaner.feed(text) + cleaner.flush()


def _paired(text: str) -> str:
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
