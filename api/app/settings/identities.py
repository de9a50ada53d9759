"""Signing in with what people have elsewhere: a provider is on as soon as it is configured."""

from collections.abc import Iterator
from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr

from app.settings.base import Group, Problem


def _issuer(value: str) -> str:
    parts = urlsplit(value.strip())
    if value and (
        parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or "@" in value
    ):
        message = "must be the issuer's address, such as https://login.example.org/realms/staff: what its "
        message += "/.well-known/openid-configuration says as issuer"
        raise ValueError(message)
    return value.strip()


class Offered(NamedTuple):
    """A provider as people meet it."""

    id: str
    name: str


class IdentitySettings(Group):
    """Signing in with what people have elsewhere. Each provider has to know ${SITE_URL}/api/v1/auth/<id>/callback."""

    google_client_id: str = Field("", description="Google's client id for this site; empty: not offered.")
    google_client_secret: SecretStr | None = Field(None, description="Its secret.")
    github_client_id: str = Field("", description="The client id of an OAuth app at GitHub; empty: not offered.")
    github_client_secret: SecretStr | None = Field(None, description="Its secret.")
    discord_client_id: str = Field("", description="The client id of an application at Discord; empty: not offered.")
    discord_client_secret: SecretStr | None = Field(None, description="Its secret.")
    oidc_issuer: Annotated[str, AfterValidator(_issuer)] = Field(
        "",
        description="Any other OpenID Connect provider, by the address below which its discovery document is; empty: "
        "none. https outside development, unless its host is this machine.",
    )
    oidc_client_id: str = Field("", description="The client id there.")
    oidc_client_secret: SecretStr | None = Field(None, description="Its secret.")
    oidc_name: str = Field("Single sign-on", min_length=1, max_length=40, description="What its button calls it.")

    @property
    def offered(self) -> tuple[Offered, ...]:
        """The providers that are configured, in the order of their buttons."""
        every = (
            (Offered("oidc", self.oidc_name), self.oidc_client_id),
            (Offered("google", "Google"), self.google_client_id),
            (Offered("github", "GitHub"), self.github_client_id),
            (Offered("discord", "Discord"), self.discord_client_id),
        )
        return tuple(offered for offered, client_id in every if client_id)

    def half(self) -> Iterator[Problem]:
        """What is missing of providers of which something is set."""
        for parts in (
            ("google_client_id", "google_client_secret"),
            ("github_client_id", "github_client_secret"),
            ("discord_client_id", "discord_client_secret"),
            ("oidc_issuer", "oidc_client_id", "oidc_client_secret"),
        ):
            given = [part for part in parts if getattr(self, part)]
            for part in parts:
                if given and part not in given:
                    yield Problem(self.variable(part), f"is missing: {self.variable(given[0])} is set")
