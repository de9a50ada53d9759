"""The providers that are configured."""

from typing import NamedTuple

from pydantic import SecretStr

from app.core.keyed_hash import KeyedHash
from app.identities.cookies import Attempts
from app.identities.discord import Discord
from app.identities.github import GitHub
from app.identities.oidc import Oidc
from app.identities.provider import Client, Provider
from app.identities.wire import Wire
from app.settings import Settings

_GOOGLE = "https://accounts.google.com"


class Identities(NamedTuple):
    """The parts that signing in at providers needs, made once a process: `app.state.identities`."""

    providers: dict[str, Provider]
    attempts: Attempts


def identities_of(settings: Settings) -> Identities:
    """As the settings say."""
    site, own = settings.app, settings.identities
    wire = Wire(plain_http=site.environment in {"development", "test"})

    def client(provider: str, client_id: str, secret: SecretStr | None) -> Client:
        # from the settings and nowhere else: what a request says of its host is anybody's word
        address = f"{site.site_url}/api/v1/auth/{provider}/callback"
        return Client(client_id, secret.get_secret_value() if secret else "", address)

    providers: dict[str, Provider] = {}
    if own.oidc_client_id:
        of_oidc = client("oidc", own.oidc_client_id, own.oidc_client_secret)
        providers["oidc"] = Oidc(wire, of_oidc, own.oidc_issuer)
    if own.google_client_id:
        of_google = client("google", own.google_client_id, own.google_client_secret)
        # it knows no max_age, and says no auth_time
        providers["google"] = Oidc(wire, of_google, _GOOGLE, fresh={"prompt": "select_account"})
    if own.github_client_id:
        providers["github"] = GitHub(wire, client("github", own.github_client_id, own.github_client_secret))
    if own.discord_client_id:
        providers["discord"] = Discord(wire, client("discord", own.discord_client_id, own.discord_client_secret))
    return Identities(providers, Attempts(site, KeyedHash(settings.auth.secret_key.get_secret_value())))
