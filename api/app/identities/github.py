"""GitHub: OAuth 2, and its API for who it was (docs.github.com, "Authorizing OAuth apps")."""

from app.identities.attempts import Attempt
from app.identities.profiles import Profile, mapping, profile
from app.identities.provider import Answer, Client
from app.identities.wire import Wire

_SITE = "https://github.com"
_API = "https://api.github.com"
_JSON = "application/vnd.github+json"


class GitHub:
    """Signs people in by the number of their account, which stays when the name changes."""

    def __init__(self, wire: Wire, client: Client, *, site: str = _SITE, api: str = _API) -> None:
        self._wire = wire
        self._client = client
        self._site = site
        self._api = api

    async def authorization_url(self, attempt: Attempt) -> str:
        """Where the browser goes."""
        more = {"prompt": "select_account"} if attempt.fresh else {}
        return self._client.authorization_url(
            self._wire, f"{self._site}/login/oauth/authorize", attempt, scope="read:user user:email", **more
        )

    async def profile(self, answer: Answer, attempt: Attempt) -> Profile:
        """Who signed in. Raises Refused."""
        token = await self._client.redeem(
            self._wire, f"{self._site}/login/oauth/access_token", answer, attempt, methods=["client_secret_post"]
        )
        user = mapping(await self._wire.get(f"{self._api}/user", token=token["access_token"], accept=_JSON))
        emails = await self._wire.get(f"{self._api}/user/emails", token=token["access_token"], accept=_JSON)
        # the address in the profile is whatever its owner wants to show
        entries = [mapping(entry) for entry in emails] if isinstance(emails, list) else []
        primary = next((entry for entry in entries if entry.get("primary") is True), {})
        names = [user.get("name"), user.get("login")]
        return profile(
            _SITE,
            subject=user.get("id"),
            email=primary.get("email"),
            verified=primary.get("verified"),
            names=names,
        )
