"""What API keys hold of a person."""

from app.api_keys.models import ApiKeyRow
from app.core.personal import Held

HELD = (
    Held(
        ApiKeyRow,
        lambda person: ApiKeyRow.user_id == person.id,
        {"hash": "of a key only what is enough to know it again is kept"},
    ),
)
