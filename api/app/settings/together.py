"""What is wrong with variables together, or where strangers are; told whatever else is wrong with each of them."""

import os
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

from app.settings import files
from app.settings.base import Problem, is_placeholder, is_weak
from app.settings.keys import parse_key_ring
from app.settings.site import is_loopback

_PORTS = {"WEB_PORT": "3000", "API_PORT": "8000", "POSTGRES_PORT": "54329", "VALKEY_PORT": "63790"}
# URLs and where their passwords are when they have none
_URLS = {
    "DATABASE_URL": "DATABASE_PASSWORD",
    "MIGRATION_DATABASE_URL": "MIGRATION_DATABASE_PASSWORD",
    "REDIS_URL": "REDIS_PASSWORD",
    "CELERY_BROKER_URL": "REDIS_PASSWORD",
}


def together() -> Iterator[Problem]:
    """The problems of the present environment that no variable has alone."""
    environment = _value("ENVIRONMENT") or "development"
    yield from _certificates()
    if environment == "development":  # elsewhere each may have a machine of its own
        yield from _same_ports()
    else:
        yield from _mail()
    if environment not in {"development", "test"}:
        yield from _placeholders()
        yield from _plain_issuer()
        yield from _smtp_placeholder()


def _value(variable: str) -> str:
    with suppress(ValueError):
        return os.environ.get(variable) or files.read(variable) or ""
    return ""


def _certificates() -> Iterator[Problem]:
    tls, domain = _value("TLS"), _value("DOMAIN")
    if tls == "acme" and not domain:
        yield Problem("DOMAIN", "is missing: with TLS=acme it is the host name to get a certificate for")
    if (tls == "acme" or (domain and not tls)) and not _value("ACME_EMAIL"):
        yield Problem("ACME_EMAIL", "is missing: certificates from an authority need it (or set TLS=off)")
    if (tls or domain) and tls != "off" and _value("SITE_URL").startswith("http:"):
        yield Problem("SITE_URL", "must be https where TLS is on, or empty: then it is that of DOMAIN")
    if (tls or domain) and tls != "off" and (_value("HTTP_PORT") or "80") == (_value("HTTPS_PORT") or "443"):
        yield Problem("HTTPS_PORT", "must not be HTTP_PORT")


def _mail() -> Iterator[Problem]:
    """Mails that nobody could get. In development a page shows them."""
    if _value("EMAIL_VERIFICATION").lower() in {"1", "true", "t", "yes", "y", "on"} and not _value("SMTP_URL"):
        yield Problem("EMAIL_VERIFICATION", "needs SMTP_URL: without mail nobody could verify an address")


def _same_ports() -> Iterator[Problem]:
    used: dict[str, str] = {}
    for variable, usual in _PORTS.items():
        port = _value(variable) or usual
        if other := used.get(port):
            yield Problem(variable, f"must not be {port}, which is {other}")
        used[port] = variable


def _plain_issuer() -> Iterator[Problem]:
    """A provider whose word, and our secret, anybody on the way could change or read."""
    with suppress(ValueError):  # it is no URL, which is told already
        issuer = urlsplit(_value("OIDC_ISSUER"))
        if issuer.scheme == "http" and not is_loopback(issuer.hostname or ""):
            yield Problem("OIDC_ISSUER", "must be https outside development, unless its host is this machine")


def _smtp_placeholder() -> Iterator[Problem]:
    with suppress(ValueError):  # it is no URL, which is told already
        password = urlsplit(_value("SMTP_URL")).password
        if password and is_placeholder(password):
            yield Problem("SMTP_URL", "must have a password that is no placeholder, or none")


def _placeholders() -> Iterator[Problem]:
    """Secrets that nobody has set, in a place that strangers can reach."""
    for variable, elsewhere in _URLS.items():
        url, password = _value(variable), _value(elsewhere)
        with suppress(ValueError):  # it is no URL, which is told already
            own = urlsplit(url).password
            if url and is_placeholder(own or password):
                its = elsewhere if password and not own else variable
                yield Problem(its, "must have a password that is no placeholder")
    if (password := _value("POSTGRES_PASSWORD")) and is_placeholder(password):
        yield Problem("POSTGRES_PASSWORD", "must have a password that is no placeholder")
    with suppress(ValueError):
        if any(is_placeholder(key["kid"]) for key in parse_key_ring(_value("JWT_KEYS"))):
            yield Problem("JWT_KEYS", "must hold keys of your own, not the ones of an example")
    if is_weak(_value("SECRET_KEY")):
        yield Problem("SECRET_KEY", "must be a random secret of at least 32 characters")
    if is_weak(_value("STREAMING_PROXY_KEY")):
        yield Problem("STREAMING_PROXY_KEY", "must be a random secret of at least 32 characters")
    for provider in ("GOOGLE", "GITHUB", "DISCORD", "OIDC"):
        secret = f"{provider}_CLIENT_SECRET"
        if _value(secret) and is_placeholder(_value(secret)):
            yield Problem(secret, "must be the secret that the provider gave, not a placeholder")
    if _value("GENERATOR") == "openai" and is_placeholder(_value("OPENAI_API_KEY")):
        yield Problem("OPENAI_API_KEY", "must be the key of the endpoint where GENERATOR is openai")
