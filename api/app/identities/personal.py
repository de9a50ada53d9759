"""What sign-in by providers holds of a person."""

from app.core.personal import Held
from app.identities.models import IdentityRow

HELD = (Held(IdentityRow, lambda person: IdentityRow.user_id == person.id),)
