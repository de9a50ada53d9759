"""The form of JWT_KEYS."""

import base64
import binascii
import json
from typing import Any

_KEY_BYTES = 32


def parse_key_ring(text: str) -> list[dict[str, str]]:
    """The ring's keys in order, checked. Raises ValueError with what is allowed."""
    try:
        keys: Any = json.loads(text)["keys"]
    except (ValueError, TypeError, KeyError):
        keys = None
    if not isinstance(keys, list) or not keys or not all(isinstance(key, dict) for key in keys):
        message = 'must be a JSON Web Key Set: {"keys": [...]}'
        raise ValueError(message)
    for key in keys:
        if (
            key.get("kty") != "OKP"
            or key.get("crv") != "Ed25519"
            or not isinstance(key.get("kid"), str)
            or not key["kid"]
        ):
            message = 'must hold Ed25519 keys only, each with "kty": "OKP", "crv": "Ed25519" and a "kid"'
            raise ValueError(message)
        if not all(_is_key(key[part]) for part in ("x", "d") if part in key) or "x" not in key:
            message = 'must hold keys whose "x" (and "d") are 32 bytes in base64url'
            raise ValueError(message)
    if len({key["kid"] for key in keys}) < len(keys):
        message = 'must give each key a "kid" of its own'
        raise ValueError(message)
    if not any("d" in key for key in keys):
        message = 'must have a key with "d", the private part that signs'
        raise ValueError(message)
    return keys


def _is_key(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return len(base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)) == _KEY_BYTES
    except (binascii.Error, ValueError):
        return False
