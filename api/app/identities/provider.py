"""What all providers have in common: an address to send people to, and an answer to learn from who they are."""

from typing import Any, NamedTuple, Protocol

from authlib.oauth2.client import OAuth2Client

from app.identities.attempts import Attempt
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
        self, wire: Wire, endpoint: str, answer: Answer, attempt: Attempt, *, method: str
    ) -> dict[str, Any]:
        """The tokens for the answer's code. Raises Refused."""
        client = wire.client(
            client_id=self.id,
            client_secret=self.secret,
            redirect_uri=self.redirect_uri,
            token_endpoint_auth_method=method,
        )
        return await wire.redeem(
            client, endpoint, code=answer.code, code_verifier=attempt.verifier, grant_type="authorization_code"
        )
