"""Sessions: how one starts, goes on and ends. Whatever signs somebody in or out comes through here."""

from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Row

from app.accounts import sessions_repository
from app.accounts.cookies import Pair
from app.accounts.errors import AccountDisabled, RefreshReused, SessionExpired, SessionRevoked
from app.accounts.refresh import Chain, Presented, RefreshTokens
from app.accounts.revocations import Revocations
from app.accounts.tokens import Claims, Tokens
from app.audit import service as audit
from app.core.caller import Caller, Role
from app.core.db import WriteTransaction
from app.core.ids import new_id
from app.core.keyed_hash import KeyedHash
from app.core.origin import Origin
from app.settings import AuthSettings


class Holder(NamedTuple):
    """Whose session it is."""

    id: UUID
    email: str
    name: str
    role: Role
    created_at: datetime


class SignIn(NamedTuple):
    """Somebody's session, and the tokens to write into their cookies."""

    user: Holder
    session_id: UUID
    pair: Pair


class Sessions:
    """What happens to sessions, in transactions of others. Ending one revokes its access tokens, too."""

    def __init__(self, settings: AuthSettings, tokens: Tokens, revocations: Revocations) -> None:
        self._tokens = tokens
        self._revocations = revocations
        self._refresh = RefreshTokens(
            KeyedHash(settings.secret_key.get_secret_value()),
            ttl=settings.refresh_token_ttl,
            max_age=settings.session_max_age,
            grace=settings.refresh_grace,
        )

    async def start(self, tx: WriteTransaction, *, user_id: UUID, origin: Origin, method: str) -> SignIn:
        """Signs the user in. `method` is "password", or the provider's id. Raises AccountDisabled."""
        user = await self.lock_user(tx, user_id, origin=origin)
        chain = self._refresh.begin(new_id(), now=user.now)
        await sessions_repository.add(tx, chain.family, user_id=user.id, method=method, origin=origin)
        session_id = chain.family.id
        await audit.record(
            tx, "signed_in", origin=origin, actor=user.id, user=user.id, method=method, session=str(session_id)
        )
        return self._signed_in(user, user.id, chain)

    async def lock_user(
        self, tx: WriteTransaction, user_id: UUID, *, origin: Origin, how: Literal["share", "update"] = "share"
    ) -> Row[Any]:
        """The user, who can't be disabled and whose password stays what it is meanwhile. Raises AccountDisabled."""
        user = await sessions_repository.lock_user(tx, user_id, how=how)
        if user is None or user.disabled_at:
            await audit.record(tx, "sign_in_failed", origin=origin, user=user_id, reason="disabled")
            raise AccountDisabled
        return user

    async def refresh(self, tx: WriteTransaction, text: str | None, *, origin: Origin) -> SignIn:
        """The session's next tokens. Raises SessionExpired, SessionRevoked, and RefreshReused, which ends it."""
        if not text:
            raise SessionExpired  # the browser forgets the cookie when its time is over
        token = self._refresh.read(text)
        row = await sessions_repository.lock(tx, token.session_id) if token else None
        if token is None or row is None or row.disabled_at:
            raise SessionRevoked
        return await self._go_on(tx, row, token, origin)

    async def renew(self, tx: WriteTransaction, text: str | None, *, caller: Caller, origin: Origin) -> SignIn:
        """New tokens for a caller whose rights have changed, by the refresh token that came along, or else without.

        Raises as `refresh` does.
        """
        row = await sessions_repository.lock(tx, caller.credential_id)
        if row is None or row.disabled_at:
            raise SessionRevoked
        token = self._refresh.read(text) if text else None
        if token and token.session_id == row.id:
            return await self._go_on(tx, row, token, origin)
        chain = self._refresh.renew(sessions_repository.family_of(row), now=row.now)
        await sessions_repository.store(tx, chain.family, origin)
        return self._signed_in(row, row.user_id, chain)

    async def end(self, tx: WriteTransaction, *, user_id: UUID, except_id: UUID | None = None) -> list[UUID]:
        """Ends the user's sessions, but for one, and gives the ids of those that ended."""
        ended = await sessions_repository.end(tx, user_id=user_id, but=except_id)
        await self._revocations.end(tx, ended)
        return ended

    async def end_one(self, tx: WriteTransaction, *, user_id: UUID, session_id: UUID) -> bool:
        """Ends a session of the user. Gives whether there was one."""
        ended = await sessions_repository.end(tx, user_id=user_id, only=session_id)
        await self._revocations.end(tx, ended)
        return bool(ended)

    async def sign_out(self, tx: WriteTransaction, *, claims: Claims | None, text: str | None, origin: Origin) -> None:
        """Ends the session that a request's tokens are of, the access token's or, when that is over, the refresh's."""
        token = self._refresh.read(text) if text else None
        for session_id in {claims and claims.session_id, token and token.session_id} - {None}:
            row = await sessions_repository.lock(tx, cast("UUID", session_id))
            if row and await self.end_one(tx, user_id=row.user_id, session_id=row.id):
                user, session = row.user_id, str(row.id)
                await audit.record(tx, "signed_out", origin=origin, actor=user, user=user, session=session)

    async def _go_on(self, tx: WriteTransaction, row: Row[Any], token: Presented, origin: Origin) -> SignIn:
        family = sessions_repository.family_of(row)
        try:
            chain = self._refresh.present(family, token, now=row.now)
        except RefreshReused:
            await self.end_one(tx, user_id=row.user_id, session_id=row.id)
            facts: dict[str, Any] = {"session": str(row.id), "counter": token.counter, "newest": family.counter}
            await audit.record(tx, "refresh_reused", origin=origin, user=row.user_id, **facts)
            raise
        if chain.family is not family:
            await sessions_repository.store(tx, chain.family, origin)
        return self._signed_in(row, row.user_id, chain)

    def _signed_in(self, row: Row[Any], user_id: UUID, chain: Chain) -> SignIn:
        family, user = chain.family, Holder(user_id, row.email, row.name, row.role, row.created_at)
        left: timedelta = family.expires_at - row.now
        access_token = self._tokens.issue(
            Claims(user.id, family.id, user.role, family.counter), until=family.expires_at
        )
        return SignIn(user, family.id, Pair(access_token, min(self._tokens.ttl, left), chain.token, left))
