"""What accounts hold of a person."""

from app.accounts.models import RegistrationRow, SessionRow, UserRow
from app.core.personal import Held

_HASHED = "known to nobody: of a secret only what is enough to know it again is kept"

USERS = Held(UserRow, lambda person: UserRow.id == person.id, {"password_hash": _HASHED})
SESSIONS = Held(
    SessionRow,
    lambda person: SessionRow.user_id == person.id,
    {"refresh_hash": _HASHED, "previous_hash": _HASHED, "sealed_successor": _HASHED},
)
REGISTRATIONS = Held(RegistrationRow, lambda person: RegistrationRow.email == person.email, {"password_hash": _HASHED})

HELD = (USERS, SESSIONS, REGISTRATIONS)
