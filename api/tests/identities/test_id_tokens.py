"""ID tokens: good for one client, one attempt and a few minutes, and signed by a key that the provider publishes."""

import base64
import hashlib
import json
import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from app.identities.errors import Refused
from app.identities.id_tokens import ALGORITHMS, UnknownKeyError, read_keys, verify

ISSUER = "https://login.example.org"
CLIENT = "slipstream"
NONCE = "n" * 43
ACCESS_TOKEN = "the access token"

EC = ECKey.generate_key("P-256", {"kid": "ec"})
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
OKP = OKPKey.generate_key("Ed25519", {"kid": "okp"})
STRANGE = ECKey.generate_key("P-256", {"kid": "ec"})


class Anything(JWSRegistry):
    """Signs with whatever is asked."""

    def get_alg(self, name: str) -> Any:
        return self.algorithms[name]

    def check_header(self, header: Any) -> None:
        pass


def published(*keys: Key) -> list[Key]:
    return read_keys(json.loads(json.dumps({"keys": [key.as_dict(private=False) for key in keys or (EC, RSA, OKP)]})))


def token(key: Key = EC, header: dict[str, Any] | None = None, **claims: Any) -> str:
    now = int(time.time())
    must = {"iss": ISSUER, "sub": "ada", "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": NONCE}
    # a moment is said from now on: between the collection of the tests and this one minutes may go by
    claims = {name: value(now) if callable(value) else value for name, value in claims.items()}
    said = {name: value for name, value in {**must, **claims}.items() if value is not ...}
    names = {"alg": "ES256", "kid": key.kid, **(header or {})}
    return jwt.encode({k: v for k, v in names.items() if v is not None}, said, key, registry=Anything())


def check(text: object, keys: list[Key] | None = None, algorithms: Any = ALGORITHMS) -> dict[str, Any]:
    return verify(
        text,
        keys=published() if keys is None else keys,
        algorithms=algorithms,
        issuer=ISSUER,
        client_id=CLIENT,
        nonce=NONCE,
        access_token=ACCESS_TOKEN,
    )


def half(digest: Any) -> str:
    whole = digest(ACCESS_TOKEN.encode()).digest()
    return base64.urlsafe_b64encode(whole[: len(whole) // 2]).rstrip(b"=").decode()


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(EC, "ES256"), (RSA, "RS256"), (RSA, "PS256"), (RSA, "RS512"), (OKP, "EdDSA"), (OKP, "Ed25519")],
)
def test_a_good_one_is_its_claims(key: Key, algorithm: str) -> None:
    assert check(token(key, {"alg": algorithm}))["sub"] == "ada"


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": [CLIENT]},
        {"aud": [CLIENT, "another"], "azp": CLIENT},
        {"azp": CLIENT},
        {"exp": lambda now: now - 30},
        {"iat": lambda now: now - 0.5},
        {"at_hash": half(hashlib.sha256)},
        {"nbf": lambda now: now + 30},
    ],
)
def test_nor_is_one_refused_that_says_it_in_another_way(claims: dict[str, Any]) -> None:
    assert check(token(**claims))


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://login.example.org/"},
        {"iss": "https://evil.example"},
        {"iss": ...},
        {"aud": "another"},
        {"aud": []},
        {"aud": ["another"]},
        {"aud": ...},
        {"aud": {CLIENT: 1}},
        {"aud": [CLIENT, "another"]},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"azp": "another"},
        {"exp": lambda now: now - 61},
        {"exp": ...},
        {"exp": True},
        {"exp": "9999999999"},
        {"iat": ...},
        {"iat": lambda now: now + 300},
        {"iat": lambda now: now - 700},
        {"nbf": lambda now: now + 300},
        {"nbf": "now"},
        {"nonce": "another"},
        {"nonce": ...},
        {"nonce": None},
        {"nonce": "é" * 43},
        {"sub": ...},
        {"sub": 5},
        {"at_hash": half(hashlib.sha512)},
        {"at_hash": ""},
        {"at_hash": 5},
    ],
)
def test_one_for_somebody_else_or_of_another_time_is_refused(claims: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        check(token(**claims))

    assert caught.value.error == "provider_refused"


@pytest.mark.parametrize(
    ("key", "header"),
    [
        (STRANGE, {}),
        (OctKey.import_key("a secret of the client's, long enough"), {"alg": "HS256", "kid": "ec"}),
        (OctKey.import_key(json.dumps(EC.as_dict(private=False))), {"alg": "HS256", "kid": "ec"}),
        (OctKey.import_key("any, but long enough"), {"alg": "none", "kid": "ec"}),
        (OctKey.import_key("any, but long enough"), {"alg": "none", "kid": None}),
        (STRANGE, {"jwk": STRANGE.as_dict(private=False)}),
        (STRANGE, {"jku": "https://evil.example/keys"}),
        (EC, {"crit": ["exp"], "exp": 1}),
    ],
)
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_one_that_another_key_signed_is_refused(key: Key, header: dict[str, Any]) -> None:
    with pytest.raises((Refused, UnknownKeyError)):
        check(token(key, header))


@pytest.mark.parametrize(
    "text", [None, "", "a.b.c", 5, "..", token()[:-4], token().rpartition(".")[0] + ".", "x" * 200_000]
)
def test_what_is_no_token_is_refused(text: object) -> None:
    with pytest.raises(Refused):
        check(text)


def test_only_what_the_provider_says_that_it_signs_with_is_allowed() -> None:
    with pytest.raises(Refused):
        check(token(RSA, {"alg": "RS256"}), algorithms=["ES256"])
    with pytest.raises(Refused):
        check(token(), algorithms=[])


def test_a_key_is_found_by_its_name_or_by_being_the_only_one_of_its_kind() -> None:
    with pytest.raises(UnknownKeyError):
        check(token(header={"kid": "another"}))
    assert check(token(header={"kid": None}))
    with pytest.raises(UnknownKeyError):
        check(token(header={"kid": None}), keys=published(EC, ECKey.generate_key("P-256", {"kid": "second"})))


def test_of_a_key_set_only_public_keys_for_signatures_are_read() -> None:
    entries: list[Any] = [
        EC.as_dict(private=False),
        {**RSA.as_dict(private=False), "use": "enc"},
        {"kty": "oct", "k": "c2VjcmV0", "kid": "oct"},
        {"kty": "AKP", "alg": "ML-DSA-44", "pub": "x"},
        {"kty": "EC", "crv": "P-256", "x": "broken"},
        {"kty": "RSA"},
        "no key",
        None,
    ]

    assert [key.kid for key in read_keys({"keys": entries})] == ["ec"]
    assert read_keys([]) == read_keys({}) == read_keys(None) == read_keys({"keys": None}) == []
