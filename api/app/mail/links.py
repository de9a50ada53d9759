"""Makes the links in mails. The secret stands in the fragment, which no server, log or scanner of mails gets to see."""

from datetime import timedelta
from secrets import token_urlsafe
from uuid import UUID

from app.core.db import Database
from app.core.keyed_hash import KeyedHash
from app.mail import repository
from app.mail.repository import Mail
from app.mail.service import hash_of

_BYTES = 32


class Links:
    """A link's purpose is the page that it opens."""

    def __init__(self, db: Database, keyed_hash: KeyedHash, *, site: str) -> None:
        self._db = db
        self._hash = keyed_hash
        self._site = site

    async def make(self, mail: Mail, purpose: str, *, email: str, user_id: UUID | None, ttl: timedelta) -> str | None:
        """The address; None when the mail was taken back or asked for anew meanwhile. Only a hash of it is kept."""
        secret = token_urlsafe(_BYTES)
        hashed = hash_of(self._hash, purpose, secret)
        added = await repository.add_link(
            self._db, mail, purpose=purpose, user_id=user_id, email=email, hashed=hashed, ttl=ttl
        )
        return f"{self._site}/{purpose}#token={secret}" if added else None
