"""What the audit log holds of a person. Its rows stay, and name people by id; what is personal beside them goes."""

from sqlalchemy import ColumnElement, and_, any_, func, or_, select, union

from app.audit.models import AuditDetailRow, AuditEventRow
from app.core.personal import Held, Person, deleting

EVENTS = Held(
    AuditEventRow, lambda person: or_(AuditEventRow.user_id == person.id, AuditEventRow.actor_id == person.id)
)


def _theirs(person: Person) -> ColumnElement[bool]:
    # each by its own index: with an OR around them Postgres would try every row
    ids = union(
        select(AuditDetailRow.event_id).where(AuditDetailRow.user_id == person.id),
        select(AuditDetailRow.event_id).where(AuditDetailRow.email == person.email),
        select(AuditEventRow.id).where(AuditEventRow.actor_id == person.id),
    )
    return AuditDetailRow.event_id == any_(func.array(ids.scalar_subquery()))


def _to_see(person: Person) -> ColumnElement[bool]:
    """Not from where somebody else did something to the account."""
    by_others = select(AuditEventRow.id).where(
        AuditEventRow.user_id == person.id, AuditEventRow.actor_id.is_not(None), AuditEventRow.actor_id != person.id
    )
    return and_(_theirs(person), AuditDetailRow.event_id.not_in(by_others))


DETAILS = Held(AuditDetailRow, _to_see)

HELD = (EVENTS, DETAILS)

erase = deleting(Held(AuditDetailRow, _theirs))
