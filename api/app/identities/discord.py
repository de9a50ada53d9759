"""Discord: OAuth 2, and its API for who it was (docs.discord.com, "OAuth2" and "User")."""

from app.identities.attempts import Attempt
from app.identities.errors import Refused
from app.identities.profiles import Profile, mapping, profile
from app.identities.provider import Answer, Client
from app.identities.wire import Wire

_SITE = "https://discord.com"


class Discord:
    """Signs people in by their snowflake."""

    def __init__(self, wire: Wire, client: Client, *, site: str = _SITE) -> None:
        self._wire = wire
        self._client = client
        self._site = site

    async def authorization_url(self, attempt: Attempt) -> str:
        """Where the browser goes."""
        # it would show its own page each time otherwise
        more = {"prompt": "consent" if attempt.fresh else "none"}
        return self._client.authorization_url(
            self._wire, f"{self._site}/oauth2/authorize", attempt, scope="identify email", **more
        )

    async def profile(self, answer: Answer, attempt: Attempt) -> Profile:
        """Who signed in. Raises Refused."""
        if answer.issuer not in {None, _SITE}:
            raise Refused("provider_refused", "its answer is another one's")
        token = await self._client.redeem(
            self._wire, f"{self._site}/api/oauth2/token", answer, attempt, methods=["client_secret_post"]
        )
        user = mapping(await self._wire.get(f"{self._site}/api/v10/users/@me", token=token["access_token"]))
        names = [user.get("global_name"), user.get("username")]
        return profile(
            _SITE,
            subject=user.get("id"),
            email=user.get("email"),
            verified=user.get("verified"),
            names=names,
        )
