"""What is kept of a secret that somebody else holds: enough to know it again, nothing that could be used."""

import hmac
from hashlib import sha256


class KeyedHash:
    """HMAC-SHA-256 by the deployment's SECRET_KEY, so that a copy of the database alone can't even check a guess."""

    def __init__(self, key: str) -> None:
        self._key = sha256(key.encode()).digest()

    def __call__(self, purpose: str, secret: str | bytes) -> bytes:
        """The 32 bytes to store or to look for. `purpose` keeps a secret of one kind from being good as another."""
        given = secret.encode() if isinstance(secret, str) else secret
        return hmac.digest(self._key, purpose.encode() + b"\0" + given, "sha256")
