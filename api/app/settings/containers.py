"""The stack of containers: its ports, nginx in front, and where certificates come from."""

import re
from ipaddress import ip_address, ip_network
from typing import Annotated, Literal

from pydantic import AfterValidator, EmailStr, Field, SecretStr

from app.settings.base import Group
from app.settings.ports import BrowserPort

_DOMAIN = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def _address(value: str) -> str:
    try:
        return str(ip_address(value)) if value else value
    except ValueError:
        message = "must be an IP address of this machine"
        raise ValueError(message) from None


def _domain(value: str) -> str:
    name = value.strip().lower()
    if name and (not _DOMAIN.fullmatch(name) or name.replace(".", "").isdecimal()):
        message = "must be a host name such as example.org: no scheme, no port, no path, no address"
        raise ValueError(message)
    return name


def _domains(value: str) -> str:
    return " ".join(_domain(name) for name in value.split())


def _networks(value: str) -> str:
    parts = [part.strip() for part in value.split(",") if part.strip()]
    for part in parts:
        try:
            network = ip_network(part)
        except ValueError:
            message = "must be networks such as 10.0.0.0/8 or 2001:db8::/32, separated by commas"
            raise ValueError(message) from None
        if network.prefixlen == 0:
            message = "must not be everybody: who is trusted may claim any address"
            raise ValueError(message)
    return ",".join(parts)


class ContainerSettings(Group):
    """The containers, with nginx in front of them. `make docker-up` and compose files read these."""

    external_address: Annotated[str, AfterValidator(_address)] = Field(
        "", description="The address of this machine that ports are published on; empty: all of them."
    )
    external_port: BrowserPort = Field(8080, description="The only published port, where there is no TLS.")
    http_port: BrowserPort = Field(80, description="The published port of http with TLS: it redirects.")
    https_port: BrowserPort = Field(443, description="The published port of https.")
    domain: Annotated[str, AfterValidator(_domain)] = Field("", description="The host name that certificates are for.")
    tls: Literal["off", "acme", "self-signed"] | None = Field(
        None,
        description="off, acme (Let's Encrypt; needs DOMAIN and ACME_EMAIL) or self-signed; empty: acme where DOMAIN "
        "is set, else off.",
    )
    acme_email: EmailStr | None = Field(None, description="Whom the certificates' authority may write to.")
    acme_names: Annotated[str, AfterValidator(_domains)] = Field(
        "", description="Other names of the site, separated by spaces: on the certificate, and redirected to SITE_URL."
    )
    acme_directory: str = Field("", description="The authority's ACME directory; empty: Let's Encrypt's.")
    hsts_seconds: int = Field(
        15_768_000, ge=0, description="How long browsers remember that the site is https only (TLS=acme); 0: not."
    )
    trusted_proxies: Annotated[str, AfterValidator(_networks)] = Field(
        "",
        description="The networks of proxies in front of nginx, separated by commas: X-Forwarded-For and -Proto are "
        "believed from these.",
    )
    nginx_requests_per_second: int = Field(200, ge=1, description="Requests a second that an address may send.")
    nginx_burst: int = Field(500, ge=1, description="Requests beyond these that it may send at once.")
    nginx_connections: int = Field(1_000, ge=1, description="Connections and streams that it may have open.")
    postgres_password: SecretStr | None = Field(
        None, description="Postgres's superuser in its container; the app doesn't know it."
    )
