"""Any OpenID Connect provider, by its discovery document: Google, too."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from joserfc.jwk import Key

from app.identities import id_tokens
from app.identities.attempts import Attempt
from app.identities.errors import Refused
from app.identities.profiles import Profile, mapping, profile
from app.identities.provider import Answer, Client
from app.identities.wire import Wire

_GOOD_FOR = 3_600.0
_ASK_AGAIN_AFTER = 30.0  # a token with a key that nobody knows must not send us to the provider each time
_SKEW = 60


class _Known(NamedTuple):
    value: Any
    at: float


class Oidc:
    """Signs people in by the ID token that the provider's token endpoint gives for a code."""

    def __init__(self, wire: Wire, client: Client, issuer: str, *, fresh: dict[str, str] | None = None) -> None:
        self._wire = wire
        self._client = client
        self._issuer = issuer
        # what makes it ask the person anew; where nothing is known of a provider, as the specification says
        self._fresh = {"prompt": "login", "max_age": "0"} if fresh is None else fresh
        self._discovery = _Cached(self._discover)
        self._keys = _Cached(self._read_keys)

    async def authorization_url(self, attempt: Attempt) -> str:
        """Where the browser goes. Raises Refused when the provider is away."""
        metadata = await self._discovery.get()
        more = {"nonce": attempt.nonce} | (self._fresh if attempt.fresh else {})
        return self._client.authorization_url(
            self._wire, metadata["authorization_endpoint"], attempt, scope="openid email profile", **more
        )

    async def profile(self, answer: Answer, attempt: Attempt) -> Profile:
        """Who signed in. Raises Refused."""
        metadata = await self._discovery.get()
        if answer.issuer is None and metadata.get("authorization_response_iss_parameter_supported") is True:
            raise Refused("provider_refused", "its answer doesn't name it")
        if answer.issuer not in {None, metadata["issuer"]}:
            raise Refused("provider_refused", "its answer is another one's")
        methods = _names(metadata, "token_endpoint_auth_methods_supported", "client_secret_basic")
        token = await self._client.redeem(self._wire, metadata["token_endpoint"], answer, attempt, methods=methods)
        claims = await self._claims(token, attempt, metadata)
        if attempt.fresh and "max_age" in self._fresh and not _is_since(claims.get("auth_time"), attempt.began):
            raise Refused("provider_refused", "it didn't ask anew")
        if "email" not in claims or "email_verified" not in claims:
            claims = await self._user(token["access_token"], claims, metadata) | claims
        names = [claims.get("name"), claims.get("preferred_username")]
        return profile(
            metadata["issuer"],
            subject=claims["sub"],
            email=claims.get("email"),
            verified=claims.get("email_verified"),
            names=names,
        )

    async def _claims(self, token: dict[str, Any], attempt: Attempt, metadata: dict[str, Any]) -> dict[str, Any]:
        algorithms = _names(metadata, "id_token_signing_alg_values_supported", "RS256")
        for keys in (self._keys.get, self._keys.renewed):
            try:
                return id_tokens.verify(
                    token.get("id_token"),
                    keys=await keys(),
                    algorithms=algorithms,
                    issuer=metadata["issuer"],
                    client_id=self._client.id,
                    nonce=attempt.nonce,
                    access_token=token["access_token"],
                )
            except id_tokens.UnknownKeyError:
                continue
        raise Refused("provider_refused", "the ID token is no good: nobody knows its key")

    async def _user(self, access_token: str, claims: dict[str, Any], metadata: dict[str, Any]) -> dict[str, Any]:
        endpoint = metadata.get("userinfo_endpoint")
        if endpoint is None:
            return {}
        user = mapping(await self._wire.get(endpoint, token=access_token))
        if user.get("sub") != claims["sub"]:  # it would be somebody else's address
            raise Refused("provider_refused", "its userinfo is about another person")
        return user

    async def _discover(self) -> dict[str, Any]:
        base = self._issuer.rstrip("/")
        metadata = mapping(await self._wire.get(f"{base}/.well-known/openid-configuration"))
        if not isinstance(metadata.get("issuer"), str) or metadata["issuer"].rstrip("/") != base:
            raise Refused("provider_unavailable", "its discovery document is another issuer's")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            self._wire.check(metadata.get(name))
        return metadata

    async def _read_keys(self) -> list[Key]:
        metadata = await self._discovery.get()
        return id_tokens.read_keys(await self._wire.get(metadata["jwks_uri"], accept="application/json, */*;q=0.5"))


class _Cached:
    """What a provider publishes about itself, asked for by one request at a time."""

    def __init__(self, read: Callable[[], Awaitable[Any]]) -> None:
        self._read = read
        self._lock = asyncio.Lock()
        self._known: _Known | None = None

    async def get(self) -> Any:
        """As it was within the last hour."""
        return await self._younger_than(_GOOD_FOR)

    async def renewed(self) -> Any:
        """As it was just now, or half a minute ago."""
        return await self._younger_than(_ASK_AGAIN_AFTER)

    async def _younger_than(self, seconds: float) -> Any:
        async with self._lock:
            now = time.monotonic()
            if self._known is None or now - self._known.at >= seconds:
                self._known = _Known(await self._read(), now)
            return self._known.value


def _names(metadata: dict[str, Any], field: str, default: str) -> list[str]:
    """A list of the discovery document, or what is meant without it."""
    names = metadata.get(field)
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else [default]


def _is_since(moment: object, began: int) -> bool:
    return isinstance(moment, int) and not isinstance(moment, bool) and moment >= began - _SKEW
