"""The kinds of providers there are, each answering as its documentation says."""

import time
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, Key

from tests.identities.provider import CLIENT_ID, Asked, Grant, Provider, Reply
from tests.people import new_email


class OidcProvider(Provider):
    """OpenID Connect. `claims` are what the ID token says besides what it has to, `user` is its userinfo."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[Key] = [key("first")]
        self.subject = f"subject of {new_email()}"
        self.email = new_email()
        self.claims: dict[str, Any] = {"email": self.email, "email_verified": True, "name": "Ada Lovelace"}
        self.user: dict[str, Any] = {"sub": self.subject}
        self.metadata: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.replies |= {
            "/.well-known/openid-configuration": lambda _: Reply(self.discovery()),
            "/keys": lambda _: Reply({"keys": [each.as_dict(private=False) for each in self.keys]}),
            "/me": self._me,
        }

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/me",
            "jwks_uri": f"{self.url}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
            **self.metadata,
        }

    def tokens(self, grant: Grant) -> dict[str, Any]:
        return {**super().tokens(grant), "id_token": self.id_token(grant.nonce)}

    def id_token(self, nonce: str | None) -> str:
        now = int(time.time())
        must = {"iss": self.url, "sub": self.subject, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": nonce}
        claims = {name: value for name, value in {**must, **self.claims}.items() if value is not None}
        header = {"alg": "ES256", "kid": self.keys[-1].kid, **self.header}
        return jwt.encode(header, claims, self.keys[-1], algorithms=["ES256"])

    def _me(self, asked: Asked) -> Reply:
        return Reply(self.user) if asked.bearer == self.access_token else Reply({"error": "invalid_token"}, 401)


class GitHubSite(Provider):
    """GitHub and its API, which are at two addresses in life."""

    token_path = "/login/oauth/access_token"

    def __init__(self) -> None:
        super().__init__()
        self.email = new_email()
        self.user: dict[str, Any] = {
            "id": time.time_ns(),
            "login": "octocat",
            "name": "monalisa octocat",
            "email": None,
        }
        self.emails: Any = [
            {"email": new_email(), "verified": True, "primary": False, "visibility": None},
            {"email": self.email, "verified": True, "primary": True, "visibility": "private"},
        ]
        self.replies |= {"/user": self._api(lambda: self.user), "/user/emails": self._api(lambda: self.emails)}

    def _token(self, asked: Asked) -> Reply:
        reply = super()._token(asked)
        if reply.status == 200:
            return Reply({"access_token": self.access_token, "scope": "read:user,user:email", "token_type": "bearer"})
        # it says what is wrong with 200
        return Reply(
            {"error": "bad_verification_code", "error_description": "The code passed is incorrect or expired."}
        )

    def _api(self, what: Any) -> Any:
        def answer(asked: Asked) -> Reply:
            assert asked.headers["user-agent"]
            if asked.bearer != self.access_token:
                return Reply({"message": "Requires authentication"}, 401)
            return Reply(what())

        return answer


class DiscordSite(Provider):
    """Discord and its API."""

    token_path = "/api/oauth2/token"

    def __init__(self) -> None:
        super().__init__()
        self.email = new_email()
        self.user: dict[str, Any] = {
            "id": str(time.time_ns()),
            "username": "nelly",
            "discriminator": "0",
            "global_name": "Nelly",
            "verified": True,
            "email": self.email,
        }
        self.replies |= {"/api/v10/users/@me": self._me}

    def _me(self, asked: Asked) -> Reply:
        if asked.bearer != self.access_token:
            return Reply({"message": "401: Unauthorized", "code": 0}, 401)
        return Reply(self.user)


def key(kid: str) -> ECKey:
    """A key to sign with."""
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})
