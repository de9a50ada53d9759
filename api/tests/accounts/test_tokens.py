"""Access tokens: what is refused, one by one."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.accounts.tokens import Claims, Tokens
from app.core.ids import new_id

SITE = "https://slipstream.example.org"
ME = Claims(new_id(), new_id())


def encoded(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def new_key(kid: str) -> dict[str, str]:
    secret = Ed25519PrivateKey.generate()
    x, d = encoded(secret.public_key().public_bytes_raw()), encoded(secret.private_bytes_raw())
    return {"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": x, "d": d}


ONE, TWO, FOREIGN = new_key("one"), new_key("two"), new_key("one")


def ring(*keys: dict[str, str]) -> str:
    return json.dumps({"keys": keys})


def tokens(*keys: dict[str, str], site: str = SITE, ttl: float = 60) -> Tokens:
    return Tokens(ring(*keys), site=site, ttl=timedelta(seconds=ttl))


def forge(header: dict[str, Any] | None = None, key: dict[str, str] = ONE, **claims: Any) -> str:
    """A token with other headers or claims, signed by `key`; a claim that is None is left out."""
    now = int(time.time())
    payload = {
        "iss": SITE, "aud": SITE, "sub": str(ME.user_id), "sid": str(ME.session_id), "role": ME.role, "gen": ME.gen,
        "iat": now, "nbf": now, "exp": now + 60, **claims,
    }  # fmt: skip
    payload = {name: value for name, value in payload.items() if value is not None}
    given = {"alg": "EdDSA", "kid": "one", "typ": "at+jwt", **(header or {})}
    given = {name: value for name, value in given.items() if value is not None}
    content = f"{encoded(given)}.{encoded(payload)}"
    signer = Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(key["d"] + "="))
    return f"{content}.{encoded(signer.sign(content.encode()))}"


def unsigned(header: dict[str, Any]) -> str:
    _, payload, _ = forge().split(".")
    return f"{encoded(header)}.{payload}."


def signed_with_the_public_key() -> str:
    """HS256 with the public key as its secret: the classic confusion."""
    _, payload, _ = forge().split(".")
    content = f"{encoded({'alg': 'HS256', 'kid': 'one', 'typ': 'at+jwt'})}.{payload}"
    return f"{content}.{encoded(hmac.digest(ONE['x'].encode(), content.encode(), hashlib.sha256))}"


def tampered(part: int) -> str:
    parts = forge().split(".")
    middle = len(parts[part]) // 2
    swapped = "A" if parts[part][middle] != "A" else "B"
    parts[part] = parts[part][:middle] + swapped + parts[part][middle + 1 :]
    return ".".join(parts)


def public(key: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in key.items() if name != "d"}


REFUSED: dict[str, Callable[[], str]] = {
    "empty": lambda: "",
    "no token": lambda: "garbage",
    "two parts": lambda: ".".join(forge().split(".")[:2]),
    "four parts": lambda: forge() + ".AAAA",
    "truncated": lambda: forge()[:-10],
    "not ascii": lambda: forge() + "é",
    "huge": lambda: "a" * 1_000_000,
    "tampered header": lambda: tampered(0),
    "tampered payload": lambda: tampered(1),
    "tampered signature": lambda: tampered(2),
    "alg none": lambda: unsigned({"alg": "none", "kid": "one", "typ": "at+jwt"}),
    "alg None": lambda: unsigned({"alg": "None", "kid": "one", "typ": "at+jwt"}),
    "alg missing": lambda: unsigned({"kid": "one", "typ": "at+jwt"}),
    "alg HS256": signed_with_the_public_key,
    "unknown kid": lambda: forge({"kid": "three"}, key=new_key("three")),
    "kid missing": lambda: forge({"kid": None}),
    "kid is no text": lambda: forge({"kid": 1}),
    "somebody else's key": lambda: forge(key=FOREIGN),
    "embedded jwk": lambda: forge({"jwk": public(FOREIGN)}, key=FOREIGN),
    "embedded jku": lambda: forge({"jku": "https://evil.example/keys"}, key=FOREIGN),
    "embedded x5u": lambda: forge({"x5u": "https://evil.example/cert"}, key=FOREIGN),
    "good key and jwk": lambda: forge({"jwk": public(ONE)}),
    "typ missing": lambda: forge({"typ": None}),
    "typ of another token": lambda: forge({"typ": "JWT"}),
    "other issuer": lambda: forge(iss="https://evil.example"),
    "issuer missing": lambda: forge(iss=None),
    "other audience": lambda: forge(aud="https://evil.example"),
    "audience missing": lambda: forge(aud=None),
    "expired": lambda: forge(exp=int(time.time()) - 1),
    "expiry missing": lambda: forge(exp=None),
    "expiry is text": lambda: forge(exp="9999999999"),
    "expiry is true": lambda: forge(exp=True),
    "not yet good": lambda: forge(nbf=int(time.time()) + 60),
    "subject missing": lambda: forge(sub=None),
    "subject is no id": lambda: forge(sub="admin"),
    "subject is a number": lambda: forge(sub=1),
    "session missing": lambda: forge(sid=None),
    "session is no id": lambda: forge(sid="1"),
    "role missing": lambda: forge(role=None),
    "a role that nobody has": lambda: forge(role="root"),
    "role is a list": lambda: forge(role=["admin"]),
    "generation missing": lambda: forge(gen=None),
    "generation is true": lambda: forge(gen=True),
    "expires later than any of ours": lambda: forge(iat=1, exp=int(time.time()) + 60),
    "critical header": lambda: forge({"crit": ["exp"], "exp": 1}),
    "embedded x5c": lambda: forge({"x5c": ["AAAA"]}, key=FOREIGN),
    "unencoded payload": lambda: forge({"b64": False, "crit": ["b64"]}),
    "alg of another curve": lambda: forge({"alg": "ES256"}),
    "audience is a list": lambda: forge(aud=[SITE]),
    "issued by another key of the ring": lambda: forge({"kid": "two"}),
    "payload is a list": lambda: ".".join([forge().split(".")[0], encoded([1]), forge().split(".")[2]]),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_refused(reason: str) -> None:
    assert tokens(ONE, TWO).verify(REFUSED[reason]()) is None


def test_what_these_are_measured_by_is_good() -> None:
    assert tokens(ONE, TWO).verify(forge()) == ME


def test_what_is_issued_is_good_until_its_time() -> None:
    assert tokens(ONE).verify(tokens(ONE).issue(ME)) == ME
    assert tokens(ONE).verify(tokens(ONE, ttl=0).issue(ME)) is None


def test_the_header_says_what_a_verifier_needs() -> None:
    header, *_ = tokens(ONE).issue(ME).split(".")

    assert json.loads(base64.urlsafe_b64decode(header + "==")) == {"alg": "EdDSA", "kid": "one", "typ": "at+jwt"}


def test_a_rotation_loses_no_token() -> None:
    before, added, switched, removed = tokens(ONE), tokens(ONE, TWO), tokens(TWO, public(ONE)), tokens(TWO)

    for older, newer in ((before, added), (added, switched), (switched, removed)):  # they run side by side for a while
        assert newer.verify(newer.issue(ME)) == older.verify(newer.issue(ME)) == ME
        assert older is switched or newer.verify(older.issue(ME)) == ME
    assert removed.verify(before.issue(ME)) is None


def test_another_site_s_token_is_refused() -> None:
    assert tokens(ONE).verify(tokens(ONE, site="https://staging.example.org").issue(ME)) is None
