"""What is taken away when its time is over, of all features; beat has a worker do it once an hour."""

from collections.abc import Callable

from app.accounts.retention import OUTLIVED as OF_ACCOUNTS
from app.audit.retention import OUTLIVED as OF_THE_AUDIT_LOG
from app.core.broker import broker
from app.mail.retention import OUTLIVED as OF_MAILS
from app.tasks.retention import OUTLIVED as OF_TASKS

OUTLIVED = (*OF_ACCOUNTS, *OF_MAILS, *OF_TASKS, *OF_THE_AUDIT_LOG)

BEAT_SCHEDULE = {"retention": {"task": "retention.prune", "schedule": 3_600.0, "options": {"expires": 3_000}}}

_handlers: dict[str, Callable[[], None]] = {}


def handle(*, prune: Callable[[], None]) -> None:
    """Says what the job does in this process; it is called in a thread of Celery's pool."""
    _handlers.update(prune=prune)


@broker.task(name="retention.prune", ignore_result=True)
def prune() -> None:
    """Deletes what outlived its setting."""
    _handlers["prune"]()
