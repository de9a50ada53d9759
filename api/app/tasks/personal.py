"""What tasks hold of a person."""

from functools import partial

from app.core.db import WriteTransaction
from app.core.personal import Eraser, Held, Person
from app.streams.log import EventLog
from app.tasks import repository
from app.tasks.models import FeedHeadRow, FeedRow, QuotaRow, TaskRow

_OURS = "how our workers share the work"

TASKS = Held(
    TaskRow,
    lambda person: TaskRow.owner_id == person.id,
    {
        "fingerprint": "a hash of what is exported beside it",
        "lease_until": _OURS,
        "expired_leases": _OURS,
        "worker": _OURS,
    },
)

HELD = (
    TASKS,
    Held(QuotaRow, lambda person: QuotaRow.user_id == person.id),
    Held(FeedHeadRow, lambda person: FeedHeadRow.user_id == person.id),
    Held(FeedRow, lambda person: FeedRow.user_id == person.id),
)


def eraser(event_log: EventLog) -> Eraser:
    """Deletes a person's tasks with their logs; what runs stops within a second."""

    async def erase(tx: WriteTransaction, person: Person) -> None:
        tasks = await repository.remove_all(tx, person.id)
        # Now, so that nothing is erased where the store is away; should this not be committed, it is a lost log, which
        # a running task's worker writes anew. Again afterwards: until then a worker may have done so.
        await event_log.forget([task.id for task in tasks])
        watched = [task.id for task in tasks if task.is_watched]
        tx.after_commit(partial(event_log.forget, watched, bury=True))

    return erase
