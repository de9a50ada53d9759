"""The feature's Celery jobs: each only tells the worker's loop to do something."""

from collections.abc import Callable

from app.core.broker import broker
from app.core.doorbell import Doorbell

BEAT_SCHEDULE = {"prune-feed": {"task": "tasks.prune_feed", "schedule": 300.0, "options": {"expires": 240}}}

_handlers: dict[str, Callable[[], None]] = {}


def handle(*, ring: Callable[[], None], prune_feed: Callable[[], None]) -> None:
    """Says what the jobs do in this process; they are called in threads of Celery's pool."""
    _handlers.update(ring=ring, prune_feed=prune_feed)


@broker.task(name="tasks.ring", ignore_result=True)
def rung() -> None:
    """There may be work."""
    _handlers["ring"]()


@broker.task(name="tasks.prune_feed", ignore_result=True)
def prune_feed() -> None:
    """Deletes feed rows that outlived their time."""
    _handlers["prune_feed"]()


ring = Doorbell(rung).ring
