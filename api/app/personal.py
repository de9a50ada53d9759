"""What is held of a person, by all features: what an export has, and who takes it away in an erasure."""

from starlette.datastructures import State

from app.accounts import personal as accounts
from app.api_keys import personal as api_keys
from app.audit import personal as audit
from app.core.personal import PersonalData, deleting
from app.identities import personal as identities
from app.mail import personal as mail
from app.tasks import personal as tasks

HELD = (
    *accounts.HELD,
    *identities.HELD,
    *api_keys.HELD,
    *tasks.HELD,
    *mail.HELD,
    *audit.HELD,
)
"""In the order of an export."""


def personal_data(state: State) -> PersonalData:
    """The same with what erases it, by the parts of a running application."""
    erasers = (
        tasks.eraser(state.event_log),
        mail.eraser(state.valkey),
        deleting(accounts.REGISTRATIONS),
        audit.erase,
        state.limiter.erase,
    )
    return PersonalData(HELD, erasers)
