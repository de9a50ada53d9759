"""What access tokens don't know: that their session or key has ended, or that their user has another role now."""

from collections.abc import Callable, Collection, Iterable
from datetime import timedelta
from functools import partial
from time import monotonic
from uuid import UUID

from app.accounts import sessions_repository
from app.accounts.tokens import Claims
from app.core.caller import Role
from app.core.db import WriteTransaction

_MARGIN = 60.0  # what was signed with an older role by a request that took its time


class Revocations:
    """Writes them in the transaction that causes them, and knows those that matter: as old as an access token gets."""

    def __init__(self, access_token_ttl: timedelta) -> None:
        self._matter_for = access_token_ttl.total_seconds() + _MARGIN
        self._ended: dict[UUID, float] = {}
        self._roles: dict[UUID, tuple[Role, float]] = {}
        self._listeners: list[Callable[[Collection[UUID]], object]] = []

    async def end(self, tx: WriteTransaction, credential_ids: Iterable[UUID]) -> None:
        """Revokes sessions or keys: here as soon as the transaction is committed, elsewhere within a second."""
        ids = tuple(credential_ids)
        await sessions_repository.revoke(tx, ids)
        tx.after_commit(partial(self.note_ended, ids))

    async def change_role(self, tx: WriteTransaction, user_id: UUID, role: Role) -> None:
        """Refuses the user's tokens with another role; a refresh gives one with this."""
        await sessions_repository.tell_role(tx, user_id, role)
        tx.after_commit(partial(self.note_role, user_id, role))

    def refuses(self, claims: Claims) -> bool:
        """Whether a token that says so is revoked."""
        if claims.session_id in self._ended:
            return True
        role, _ = self._roles.get(claims.user_id, (claims.role, 0))
        return role != claims.role

    def has_ended(self, credential_id: UUID) -> bool:
        """Whether the session or key has ended in the last minutes."""
        return credential_id in self._ended

    def listen(self, heard: Callable[[Collection[UUID]], object]) -> None:
        """Calls `heard` with the credentials that end from now on."""
        self._listeners.append(heard)

    def note_ended(self, credential_ids: Iterable[UUID]) -> None:
        """Refuses these from now on, and tells the listeners."""
        if new := {credential_id for credential_id in credential_ids if credential_id not in self._ended}:
            self._ended.update(dict.fromkeys(new, monotonic()))
            for heard in self._listeners:
                heard(new)

    def note_role(self, user_id: UUID, role: Role) -> None:
        """Refuses the user's tokens with another role from now on."""
        self._roles[user_id] = role, monotonic()
