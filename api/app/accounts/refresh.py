"""Refresh tokens: what one is made of, what is kept of it, and what presenting it does. No I/O and no clock.

The tokens of a session are a chain, each good once. A row keeps keyed hashes of the newest and of the one before it,
and the newest one's secret sealed under the secret before: whoever comes with the one before, because an answer was
lost or because fifty tabs asked at once, gets the same successor again. So there is one chain, and nothing that is kept
opens it.
"""

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import NamedTuple
from uuid import UUID

from app.accounts.errors import RefreshReused, SessionExpired, SessionRevoked
from app.core.keyed_hash import KeyedHash

_SECRET = 32
_TAG = 16
_TOKEN = re.compile(r"([0-9a-f]{32})\.([1-9][0-9]{0,8})\.([A-Za-z0-9_-]{64})")


class Presented(NamedTuple):
    """A token of ours, whatever it is still worth."""

    session_id: UUID
    counter: int
    secret: bytes


@dataclass(frozen=True)
class Family:
    """What a session's row knows of its tokens; the names are the columns'."""

    id: UUID
    counter: int
    refresh_hash: bytes
    previous_hash: bytes | None
    sealed_successor: bytes | None
    used_counter: int
    """The latest generation whose access token was seen: its refresh token has arrived, too."""
    rotated_at: datetime
    expires_at: datetime
    ends_at: datetime


class Chain(NamedTuple):
    """A family as it is now, and the token to hand out."""

    family: Family
    token: str


class RefreshTokens:
    """The rules. `ttl` is for an unused session, `max_age` for every one, `grace` for the token before the newest."""

    def __init__(self, keyed_hash: KeyedHash, *, ttl: timedelta, max_age: timedelta, grace: timedelta) -> None:
        self._hash = keyed_hash
        self._ttl = ttl
        self._max_age = max_age
        self._grace = grace

    def begin(self, session_id: UUID, *, now: datetime, secret: bytes | None = None) -> Chain:
        """The first token of a new session. `secret` is random where it isn't given."""
        secret = secret or token_bytes(_SECRET)
        ends_at = now + self._max_age
        expires_at = min(now + self._ttl, ends_at)
        family = Family(session_id, 1, self._kept(session_id, secret), None, None, 0, now, expires_at, ends_at)
        return Chain(family, self._text(session_id, 1, secret))

    def read(self, text: str) -> Presented | None:
        """What a text of ours says: a tag shows that it is, so that nobody ends a session by making up an old one."""
        if not (found := _TOKEN.fullmatch(text)):
            return None
        session_id, counter, given = UUID(found[1]), int(found[2]), urlsafe_b64decode(found[3])
        secret, tag = given[:_SECRET], given[_SECRET:]
        is_ours = hmac.compare_digest(tag, self._tag(session_id, counter, secret))
        return Presented(session_id, counter, secret) if is_ours else None

    def present(self, family: Family, token: Presented, *, now: datetime, secret: bytes | None = None) -> Chain:
        """What the token gives. Raises SessionExpired, SessionRevoked, and RefreshReused: then the family is to end."""
        if now >= family.expires_at:
            raise SessionExpired
        presented = self._kept(family.id, token.secret)
        if token.counter == family.counter:
            if not hmac.compare_digest(presented, family.refresh_hash):
                raise SessionRevoked  # a database was restored from before this token
            return self._next(family, token.secret, now, secret)
        if token.counter > family.counter:
            raise SessionRevoked
        is_previous = token.counter == family.counter - 1
        if not is_previous or not hmac.compare_digest(presented, family.previous_hash or b""):
            raise RefreshReused
        if family.used_counter < family.counter:
            # the answer before may have been lost: the grace of all who ask with this token begins again
            family = replace(family, rotated_at=now)
        elif now >= family.rotated_at + self._grace:
            raise RefreshReused
        successor = _xor(family.sealed_successor or b"", self._pad(token.secret))
        return Chain(family, self._text(family.id, family.counter, successor))

    def renew(self, family: Family, *, now: datetime, secret: bytes | None = None) -> Chain:
        """The next token where nobody shows the newest one, which is then worth nothing."""
        return self._next(family, None, now, secret)

    def _next(self, family: Family, shown: bytes | None, now: datetime, secret: bytes | None) -> Chain:
        secret = secret or token_bytes(_SECRET)
        counter = family.counter + 1
        family = replace(
            family,
            counter=counter,
            refresh_hash=self._kept(family.id, secret),
            previous_hash=family.refresh_hash if shown else None,
            sealed_successor=_xor(secret, self._pad(shown)) if shown else None,
            rotated_at=now,
            expires_at=min(now + self._ttl, family.ends_at),
        )
        return Chain(family, self._text(family.id, counter, secret))

    def _text(self, session_id: UUID, counter: int, secret: bytes) -> str:
        tagged = secret + self._tag(session_id, counter, secret)
        return f"{session_id.hex}.{counter}.{urlsafe_b64encode(tagged).decode()}"

    def _tag(self, session_id: UUID, counter: int, secret: bytes) -> bytes:
        return self._hash("refresh-tag", session_id.bytes + counter.to_bytes(4) + secret)[:_TAG]

    def _kept(self, session_id: UUID, secret: bytes) -> bytes:
        return self._hash("refresh", session_id.bytes + secret)

    def _pad(self, secret: bytes) -> bytes:
        return self._hash("refresh-seal", secret)


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
