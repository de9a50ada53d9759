"""The cookies of attempts to sign in at providers: one for each, so that several tabs may be there at once."""

import secrets
import time
from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from pydantic import ValidationError
from starlette.requests import HTTPConnection
from starlette.responses import Response

from app.core.caller import Caller
from app.core.keyed_hash import KeyedHash
from app.identities.attempts import Attempt
from app.project import COOKIE_PREFIX
from app.settings import SiteSettings

_TTL = timedelta(minutes=10)
_HEADER = {"alg": "dir", "enc": "A256GCM"}
# as many tabs may be at a provider's at once: browsers send all of the cookies with every request
_MOST = 5


class Attempts:
    """The cookies that hold attempts, one for each, sealed: neither a script nor the person can read or change them."""

    def __init__(self, site: SiteSettings, keyed: KeyedHash) -> None:
        self._secure = site.is_https
        self._prefix = f"{'__Host-' if site.is_https else ''}{COOKIE_PREFIX}_oauth_"
        self._key = OctKey.import_key(keyed("identities.attempts", ""))

    def begin(
        self,
        provider: str,
        *,
        next_path: str,
        fresh: bool = False,
        link_to: Caller | None = None,
    ) -> Attempt:
        """A new one, with values that nobody can guess."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return Attempt(
            provider=provider,
            state=state,
            nonce=nonce,
            verifier=verifier,
            next=next_path,
            began=int(time.time()),
            fresh=fresh,
            user_id=link_to and link_to.user_id,
            session_id=link_to and link_to.credential_id,
        )

    def keep(self, connection: HTTPConnection, response: Response, attempt: Attempt) -> None:
        """Gives the browser the cookie, and takes the oldest where it has too many."""
        there = [(self._open(name, value), name) for name, value in self._all(connection)]
        oldest = sorted(((known.began if known else 0), name) for known, name in there)
        for _, name in oldest[: max(0, len(oldest) - _MOST + 1)]:
            self._clear(response, name)
        sealed = jwe.encrypt_compact(_HEADER, attempt.model_dump_json(exclude_defaults=True), self._key)
        self._set(response, self._name(attempt.state), sealed, _TTL)

    def take(self, connection: HTTPConnection, response: Response, *, provider: str, state: str) -> Attempt | None:
        """The attempt that this browser began at this provider, if it has one of this state; it is good this once."""
        name = self._name(state)
        value = connection.cookies.get(name)
        if value is None:
            return None
        self._clear(response, name)
        attempt = self._open(name, value)
        return attempt if attempt and attempt.provider == provider and compare_digest(attempt.state, state) else None

    def _name(self, state: str) -> str:
        return self._prefix + sha256(state.encode("utf-8", "replace")).hexdigest()[:16]

    def _all(self, connection: HTTPConnection) -> list[tuple[str, str]]:
        return [(name, value) for name, value in connection.cookies.items() if name.startswith(self._prefix)]

    def _open(self, name: str, value: str) -> Attempt | None:
        """What is sealed under the name, if it is ours and not too old."""
        try:
            sealed = jwe.decrypt_compact(value, self._key, algorithms=list(_HEADER.values()))
            attempt = Attempt.model_validate_json(sealed.plaintext or b"")
        except (JoseError, ValidationError, ValueError):
            return None
        is_good = self._name(attempt.state) == name and 0 <= time.time() - attempt.began < _TTL.total_seconds()
        return attempt if is_good else None

    def _set(self, response: Response, name: str, value: str, ttl: timedelta) -> None:
        seconds = int(ttl.total_seconds())
        response.set_cookie(name, value, max_age=seconds, path="/", secure=self._secure, httponly=True, samesite="lax")

    def _clear(self, response: Response, name: str) -> None:
        response.delete_cookie(name, path="/", secure=self._secure, httponly=True, samesite="lax")
