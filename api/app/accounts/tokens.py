"""Access tokens: JWTs signed by the first private key of the ring and verified by any of its keys."""

import time
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple, cast
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry

from app.core.caller import Role
from app.settings.keys import parse_key_ring

_ALGORITHM = "EdDSA"
_TYPE = "at+jwt"
_SKEW = 5  # seconds by which the clocks of two hosts may differ
_PARTS = frozenset({"kty", "crv", "kid", "x", "d"})
_ROLES = frozenset({"user", "admin"})
_REMEMBERED = 20_000  # half a kilobyte each


class _Registry(JWSRegistry):
    """Ed25519 under its first name, which RFC 9864 deprecates with a warning on every use."""

    def get_alg(self, name: str) -> Any:
        if name != _ALGORITHM:
            raise _RefusedError
        return self.algorithms[name]


class _RefusedError(JoseError):
    error = "refused"


class Claims(NamedTuple):
    """Whose token it is, of which session, and what was so when it was made."""

    user_id: UUID
    session_id: UUID
    role: Role = "user"
    gen: int = 1
    """Which of the session's refresh tokens came with it."""


class Tokens:
    """Signs and verifies. `site` is who issues the tokens and who they are for."""

    def __init__(self, key_ring: str, *, site: str, ttl: timedelta) -> None:
        ring = parse_key_ring(key_ring)
        self._keys = {
            key["kid"]: OKPKey.import_key({name: key[name] for name in key if name in _PARTS}) for key in ring
        }
        self._signer = next(key["kid"] for key in ring if "d" in key)
        self._site = site
        self.ttl = ttl
        self._registry = _Registry()
        self._good: dict[bytes, tuple[Claims, int]] = {}

    def issue(self, claims: Claims, *, until: datetime | None = None) -> str:
        """A token that is good from now until `ttl` is over, and not beyond `until`."""
        now = int(time.time())
        expires = now + int(self.ttl.total_seconds())
        header = {"alg": _ALGORITHM, "kid": self._signer, "typ": _TYPE}
        payload = {
            "iss": self._site,
            "aud": self._site,
            "sub": str(claims.user_id),
            "sid": str(claims.session_id),
            "role": claims.role,
            "gen": claims.gen,
            "iat": now,
            "nbf": now - _SKEW,
            "exp": min(expires, int(until.timestamp())) if until else expires,
        }
        return jwt.encode(header, payload, self._keys[self._signer], registry=self._registry)

    def verify(self, token: str) -> Claims | None:
        """The claims of a token of ours that is good now, else None.

        One that was good is remembered until it expires: a signature costs as much as the rest of a small request.
        """
        digest = sha256(token.encode(errors="surrogatepass")).digest()
        if known := self._good.get(digest):
            claims, expires = known
            if time.time() < expires:
                return claims
            del self._good[digest]
            return None
        try:
            decoded = jwt.decode(token, self._find_key, registry=self._registry)
            claims, expires = self._checked(decoded.claims)
        except (JoseError, ValueError, TypeError, KeyError):
            return None
        if len(self._good) >= _REMEMBERED:
            del self._good[next(iter(self._good))]  # the oldest
        self._good[digest] = claims, expires
        return claims

    def _find_key(self, guest: Any) -> OKPKey:
        # keys that a token brings along (jwk, jku, x5u …) are not looked at: any header but these three refuses it
        header = guest.headers()
        if set(header) != {"alg", "kid", "typ"} or header["typ"] != _TYPE:
            raise _RefusedError
        return self._keys[header["kid"]]

    def _checked(self, claims: dict[str, Any]) -> tuple[Claims, int]:
        """The claims, and when they expire. Raises one of the errors of a token that isn't good."""
        now, times = time.time(), [claims["iat"], claims["nbf"], claims["exp"]]
        # where ACCESS_TOKEN_TTL was lowered, older tokens go by it, too: a revocation is kept no longer than that
        expires = min(claims["exp"], claims["iat"] + int(self.ttl.total_seconds()))
        is_good = (
            all(type(moment) is int for moment in times)
            and claims["nbf"] <= now < expires
            and claims["iss"] == self._site
            and claims["aud"] == self._site
            and claims["role"] in _ROLES
            and type(claims["gen"]) is int
        )
        if not is_good:
            raise _RefusedError
        user_id, session_id = UUID(str(claims["sub"])), UUID(str(claims["sid"]))
        return Claims(user_id, session_id, cast("Role", claims["role"]), claims["gen"]), expires
