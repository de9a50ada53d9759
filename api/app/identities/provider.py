"""What all providers have in common: an address to send people to, and an answer to learn from who they are."""

from collections.abc import Collection
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote_plus

import httpx2
from authlib.common.urls import url_decode
from authlib.oauth2 import OAuth2Client
from authlib.oauth2.rfc6749.parameters import prepare_token_request

from app.identities.attempts import Attempt
from app.identities.errors import Refused
from app.identities.profiles import Profile
from app.identities.wire import Wire


class Answer(NamedTuple):
    """What the browser brought from a provider."""

    code: str
    issuer: str | None
    """Who says that it is from there (RFC 9207)."""


class Provider(Protocol):
    """Somewhere to sign in."""

    async def authorization_url(self, attempt: Attempt) -> str:
        """Where the browser goes. Raises Refused."""

    async def profile(self, answer: Answer, attempt: Attempt) -> Profile:
        """Who signed in. Raises Refused."""


class Client(NamedTuple):
    """What a provider knows us by, and the one address to which it sends people back."""

    id: str
    secret: str
    redirect_uri: str

    def authorization_url(self, wire: Wire, endpoint: str, attempt: Attempt, *, scope: str, **more: str) -> str:
        """The endpoint with what the attempt asks there."""
        client = OAuth2Client(
            None, client_id=self.id, redirect_uri=self.redirect_uri, scope=scope, code_challenge_method="S256"
        )
        url, _ = client.create_authorization_url(
            wire.check(endpoint), state=attempt.state, code_verifier=attempt.verifier, response_type="code", **more
        )
        return str(url)

    async def redeem(
        self, wire: Wire, endpoint: str, answer: Answer, attempt: Attempt, *, methods: Collection[str]
    ) -> dict[str, Any]:
        """The tokens for the answer's code, from an endpoint that takes one of these methods. Raises Refused."""
        form = {"code": answer.code, "redirect_uri": self.redirect_uri, "code_verifier": attempt.verifier}
        auth = None
        if "client_secret_post" in methods:
            form |= {"client_id": self.id, "client_secret": self.secret}
        else:  # each of the two as in a form, by RFC 6749, 2.3.1; not every provider knows: hence the second choice
            auth = httpx2.BasicAuth(quote_plus(self.id), quote_plus(self.secret))
        body = dict(url_decode(prepare_token_request("authorization_code", **form)))
        token = await wire.post(endpoint, body, OAuth2Client(None).parse_response_token, auth=auth)
        if not isinstance(token.get("access_token"), str) or str(token.get("token_type", "")).lower() != "bearer":
            raise Refused("provider_refused", "its token endpoint gives no bearer token")
        return dict(token)
