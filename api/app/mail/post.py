"""What takes mails: an SMTP server, or in development a page that shows them."""

from email.message import EmailMessage
from typing import Protocol


class NotSentError(Exception):
    """The mail was not accepted, as far as we know."""

    def __init__(self, reason: str, *, known: bool = True, final: bool = False) -> None:
        super().__init__(reason)
        self.known = known
        """Whether it certainly was not: else it may arrive, and a second one with it."""
        self.final = final
        """Whether another try makes no sense: the recipient's server doesn't want it."""


class Post(Protocol):
    """Delivers mails."""

    async def deliver(self, mail: EmailMessage) -> None:
        """Raises NotSentError."""

    def close(self) -> None:
        """Nothing is delivered after this."""
