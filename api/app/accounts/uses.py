"""Notes where and when sessions were used last, and that their newest tokens have arrived: in batches, behind requests.

That an access token was seen shows that the answer which brought it, and with it a new refresh token, was not lost.
"""

from time import monotonic
from typing import NamedTuple
from uuid import UUID

from app.accounts import sessions_repository
from app.accounts.tokens import Claims
from app.core.db import Database

_ONCE_IN = 60.0
_WRITE_WITHIN = 2.0


class Use(NamedTuple):
    """A session's generation that was seen, and where it came from."""

    gen: int
    address: str


class Uses:
    """The uses of sessions that this process has seen."""

    def __init__(self) -> None:
        self._noted: dict[UUID, tuple[int, float]] = {}
        self._waiting: dict[UUID, Use] = {}

    def note(self, claims: Claims, address: str) -> None:
        """The access token was good, now. Costs nobody any time."""
        gen, at = self._noted.get(claims.session_id, (0, 0.0))
        now = monotonic()
        if claims.gen > gen or now - at > _ONCE_IN:
            self._noted[claims.session_id] = max(gen, claims.gen), now
            self._waiting[claims.session_id] = Use(max(gen, claims.gen), address)

    async def write(self, db: Database) -> None:
        """Writes what was noted; what can't be written waits for the next turn."""
        forget = monotonic() - _ONCE_IN
        self._noted = {session_id: noted for session_id, noted in self._noted.items() if noted[1] > forget}
        waiting, self._waiting = self._waiting, {}
        if waiting:
            try:
                await sessions_repository.note_uses(db, waiting, within=_WRITE_WITHIN)
            except BaseException:
                self._waiting = waiting | self._waiting
                raise
