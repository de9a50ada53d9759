"""What access tokens don't know: that their session or key has ended, or that their user has another role now."""

import asyncio
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from uuid import UUID

import structlog

from app.accounts import sessions_repository
from app.accounts.tokens import Claims
from app.core.aio import heed_cancel
from app.core.caller import Role
from app.core.db import Database, WriteTransaction

log = structlog.get_logger(__name__)

_MARGIN = 60.0  # what was signed with an older role by a request that took its time
_READ_EVERY = 0.4  # so that what is revoked anywhere is refused, and its streams closed, within a second
_READ_WITHIN = 2.0
_OVERLAP = 30.0  # a row's time is older than its commit, which is what makes it visible
_STALE_AFTER = 5.0


class Revocations:
    """Writes them in the transaction that causes them, and knows those that matter: as old as an access token gets."""

    def __init__(self, access_token_ttl: timedelta) -> None:
        self._matter_for = access_token_ttl.total_seconds() + _MARGIN
        self._ended: dict[UUID, float] = {}
        self._roles: dict[UUID, tuple[Role, datetime, float]] = {}
        self._read_at = float("-inf")
        self._listeners: list[Callable[[Collection[UUID]], object]] = []

    async def end(self, tx: WriteTransaction, credential_ids: Iterable[UUID]) -> None:
        """Revokes sessions or keys: here as soon as the transaction is committed, elsewhere within a second."""
        ids = tuple(credential_ids)
        await sessions_repository.revoke(tx, ids)
        tx.after_commit(partial(self.note_ended, ids))

    async def change_role(self, tx: WriteTransaction, user_id: UUID, role: Role) -> None:
        """Refuses the user's tokens with another role; a refresh gives one with this."""
        since = await sessions_repository.tell_role(tx, user_id, role)
        tx.after_commit(partial(self._note_role, user_id, role, since))

    def refuses(self, claims: Claims) -> bool:
        """Whether a token that says so is revoked."""
        if claims.session_id in self._ended:
            return True
        known = self._roles.get(claims.user_id)
        return known is not None and known[0] != claims.role

    def has_ended(self, credential_id: UUID) -> bool:
        """Whether the session or key has ended in the last minutes."""
        return credential_id in self._ended

    def listen(self, heard: Callable[[Collection[UUID]], object]) -> None:
        """Calls `heard` with the credentials that end from now on."""
        self._listeners.append(heard)

    @property
    def is_current(self) -> bool:
        """Whether what others revoked is known; else the database has to be asked."""
        return monotonic() - self._read_at < _STALE_AFTER

    async def watch(self, db: Database) -> None:
        """Reads what any process revokes, until it is cancelled. It outlives every outage."""
        while True:
            heed_cancel()
            was_current = self.is_current
            try:
                await self.read(db)
            except Exception as error:
                if was_current and not self.is_current:
                    log.warning("revocations can't be read: the database is asked for each request", error=repr(error))
            await asyncio.sleep(_READ_EVERY)

    async def read(self, db: Database) -> None:
        """Reads what is new: at first all that matters."""
        began = monotonic()
        back = min(began - self._read_at + _OVERLAP, self._matter_for)
        rows = await sessions_repository.revoked(db, back=timedelta(seconds=back), within=_READ_WITHIN)
        self.note_ended(row.credential_id for row in rows if row.credential_id)
        for row in rows:
            if row.user_id:
                self._note_role(row.user_id, row.role, row.created_at)
        self._read_at = began
        self._forget()

    def note_ended(self, credential_ids: Iterable[UUID]) -> None:
        """Refuses these from now on, and tells the listeners."""
        if new := {credential_id for credential_id in credential_ids if credential_id not in self._ended}:
            self._ended.update(dict.fromkeys(new, monotonic()))
            for heard in self._listeners:
                heard(new)

    def _note_role(self, user_id: UUID, role: Role, since: datetime) -> None:
        known = self._roles.get(user_id)
        if known is None or known[1] < since:  # rows are read again and again, and late
            self._roles[user_id] = role, since, monotonic()

    def _forget(self) -> None:
        # in the order in which they were noted: what is first has been there longest
        before = monotonic() - self._matter_for
        while self._ended and self._ended[first := next(iter(self._ended))] < before:
            del self._ended[first]
        for user_id in [user_id for user_id, (_, _, at) in self._roles.items() if at < before]:
            del self._roles[user_id]
