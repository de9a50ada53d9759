"""The mails' Celery job: it only tells the worker's loop to look."""

from collections.abc import Callable

from app.core.broker import broker
from app.core.doorbell import Doorbell

_handlers: dict[str, Callable[[], None]] = {}


def handle(*, ring: Callable[[], None]) -> None:
    """Says what the job does in this process; it is called in threads of Celery's pool."""
    _handlers.update(ring=ring)


@broker.task(name="mail.ring", ignore_result=True)
def rung() -> None:
    """There may be a mail to send."""
    if ring := _handlers.get("ring"):
        ring()


ring = Doorbell(rung).ring
