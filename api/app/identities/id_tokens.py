"""ID tokens: what an OpenID Connect provider signs about who signed in (OpenID Connect Core 1.0, 3.1.3.7)."""

import base64
import hashlib
import time
from collections.abc import Iterable
from hmac import compare_digest
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from app.identities.errors import Refused

# asymmetric only: with the client's secret as a key, whoever reads our settings could sign in as anybody
_KEY_TYPES: dict[str, type[Key]] = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), RSAKey),
    **dict.fromkeys(("ES256", "ES384", "ES512"), ECKey),
    **dict.fromkeys(("EdDSA", "Ed25519"), OKPKey),
}
ALGORITHMS = frozenset(_KEY_TYPES)
_LEEWAY = 60
_OLDEST = 600
_HASHES = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}


class UnknownKeyError(Exception):
    """The token is signed by a key that isn't among these: the provider may have new ones."""


class _Registry(JWSRegistry):
    """Ours only, and without the warning that a deprecated name (EdDSA) has."""

    def __init__(self, allowed: Iterable[str]) -> None:
        super().__init__(strict_check_header=False)  # others may be there, and mean nothing; `crit` is looked at
        self._ours = ALGORITHMS.intersection(allowed)

    def get_alg(self, name: str) -> Any:
        if name not in self._ours:
            raise _RefusedError("its algorithm is not allowed")
        return self.algorithms[name]


class _RefusedError(JoseError):
    error = "refused"


def read_keys(document: Any) -> list[Key]:
    """The public keys for signatures in a provider's key set; what we can't use is left out."""
    keys: list[Key] = []
    entries = document.get("keys") if isinstance(document, dict) else None
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and entry.get("use", "sig") == "sig" and entry.get("kty") in {"RSA", "EC", "OKP"}:
            try:
                keys.append(JWKRegistry.import_key(entry))
            except (JoseError, ValueError, TypeError, KeyError):
                continue
    return keys


def verify(
    token: object,
    *,
    keys: list[Key],
    algorithms: Iterable[str],
    issuer: str,
    client_id: str,
    nonce: str,
    access_token: str,
) -> dict[str, Any]:
    """The claims of a token that this provider made, now, for us and for this attempt.

    Raises Refused with what is wrong, and UnknownKeyError.
    """
    try:
        decoded = jwt.decode(str(token), _chooser(keys), registry=_Registry(algorithms))
    except _RefusedError as error:
        raise Refused("provider_refused", f"the ID token is no good: {error.description}") from None
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Refused("provider_refused", f"the ID token is no good: {type(error).__name__}") from None
    claims = decoded.claims
    if wrong := _wrong(claims, issuer, client_id, nonce):
        raise Refused("provider_refused", f"the ID token is no good: {wrong}")
    if not _is_hash(claims.get("at_hash"), access_token, decoded.header["alg"]):
        raise Refused("provider_refused", "the ID token is no good: at_hash")
    return claims


def _chooser(keys: list[Key]) -> Any:
    def choose(guest: Any) -> Key:
        header = guest.headers()
        kind = _KEY_TYPES.get(header.get("alg", ""))
        if kind is None:
            raise _RefusedError("its algorithm is not allowed")
        kid = header.get("kid")
        fitting = [key for key in keys if isinstance(key, kind) and key.alg in {None, header["alg"]}]
        # without a name only a key that is the only one of its kind is meant
        named = [key for key in fitting if key.kid == kid] if kid is not None else fitting
        if len(named) != 1:
            raise UnknownKeyError
        return named[0]

    return choose


def _wrong(claims: dict[str, Any], issuer: str, client_id: str, nonce: str) -> str | None:
    now = time.time()
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    checks = {
        "iss": claims.get("iss") == issuer,
        "aud": client_id in audiences,
        # with several audiences it has to say for whom it was made
        "azp": claims.get("azp", client_id if len(audiences) == 1 else None) == client_id,
        "exp": _is_time(claims.get("exp")) and now < claims["exp"] + _LEEWAY,
        "iat": _is_time(claims.get("iat")) and now - _OLDEST - _LEEWAY < claims["iat"] < now + _LEEWAY,
        "nbf": "nbf" not in claims or (_is_time(claims["nbf"]) and claims["nbf"] < now + _LEEWAY),
        "nonce": isinstance(claims.get("nonce"), str) and compare_digest(claims["nonce"].encode(), nonce.encode()),
        "sub": isinstance(claims.get("sub"), str),
    }
    return next((name for name, is_good in checks.items() if not is_good), None)


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_hash(given: object, access_token: str, algorithm: str) -> bool:
    """Whether it is the access token's, where it is given; Ed25519 has SHA-512 inside."""
    if given is None:
        return True
    digest = _HASHES.get(algorithm[-3:] if algorithm[:2] != "Ed" else "512", hashlib.sha512)(access_token.encode())
    half = digest.digest()[: digest.digest_size // 2]
    return isinstance(given, str) and given == base64.urlsafe_b64encode(half).rstrip(b"=").decode()
