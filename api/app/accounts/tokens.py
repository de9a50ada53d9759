"""Access tokens: JWTs signed by the first private key of the ring and verified by any of its keys."""

import time
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry

from app.settings.keys import parse_key_ring

_ALGORITHM = "EdDSA"
_TYPE = "at+jwt"
_PARTS = frozenset({"kty", "crv", "kid", "x", "d"})


class _Registry(JWSRegistry):
    """Ed25519 under its first name, which RFC 9864 deprecates with a warning on every use."""

    def get_alg(self, name: str) -> Any:
        if name != _ALGORITHM:
            raise _RefusedError
        return self.algorithms[name]


class _RefusedError(JoseError):
    error = "refused"


class Claims(NamedTuple):
    """Whose token it is, and of which session."""

    user_id: UUID
    session_id: UUID


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

    def issue(self, claims: Claims) -> str:
        """A token that is good from now until `ttl` is over."""
        now = int(time.time())
        header = {"alg": _ALGORITHM, "kid": self._signer, "typ": _TYPE}
        payload = {
            "iss": self._site,
            "aud": self._site,
            "sub": str(claims.user_id),
            "sid": str(claims.session_id),
            "iat": now,
            "nbf": now,
            "exp": now + int(self.ttl.total_seconds()),
        }
        return jwt.encode(header, payload, self._keys[self._signer], registry=self._registry)

    def verify(self, token: str) -> Claims | None:
        """The claims of a token of ours that is good now, else None."""
        try:
            decoded = jwt.decode(token, self._find_key, registry=self._registry)
            return self._claims(decoded.claims)
        except (JoseError, ValueError, TypeError, KeyError):
            return None

    def _find_key(self, guest: Any) -> OKPKey:
        # keys that a token brings along (jwk, jku, x5u …) are not looked at: any header but these three refuses it
        header = guest.headers()
        if set(header) != {"alg", "kid", "typ"} or header["typ"] != _TYPE:
            raise _RefusedError
        return self._keys[header["kid"]]

    def _claims(self, claims: dict[str, Any]) -> Claims | None:
        now = time.time()
        times = [claims["iat"], claims["nbf"], claims["exp"]]
        is_good = (
            all(type(moment) is int for moment in times)
            and claims["nbf"] <= now < claims["exp"]
            and claims["iss"] == self._site
            and claims["aud"] == self._site
        )
        return Claims(UUID(str(claims["sub"])), UUID(str(claims["sid"]))) if is_good else None
