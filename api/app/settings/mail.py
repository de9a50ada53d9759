"""Mail: where it goes out, who it is from, and how long the links in it are good."""

from datetime import timedelta
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Annotated
from urllib.parse import parse_qsl, unquote, urlsplit

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field, SecretStr

from app.settings.base import Duration, Group, parse_duration

_PORTS = {"smtp": 587, "smtps": 465}


def _smtp_url(value: SecretStr) -> SecretStr:
    try:
        parts = urlsplit(value.get_secret_value())
        is_good = parts.scheme in _PORTS and bool(parts.hostname) and not parts.path.strip("/") and parts.port != 0
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError:
        is_good, options = False, {}
    if not is_good or options not in ({}, {"starttls": "off"}):
        message = "must be smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465"
        raise ValueError(message)
    return value


def _sender(value: str) -> str:
    name, address = parseaddr(value)
    found = None
    try:
        if value:
            found = validate_email(address, check_deliverability=False, test_environment=True)
            # as in the header of a mail: what can't stand there is told at start
            Address(name, addr_spec=found.normalized)
    except (EmailNotValidError, ValueError):
        pass
    if value and (found is None or not value.isprintable()):
        message = "must be an address, or a name and an address: Slipstream <no-reply@example.org>"
        raise ValueError(message)
    return value


class MailSettings(Group):
    """Mail, and what is asked of people by mail."""

    smtp_url: Annotated[SecretStr, AfterValidator(_smtp_url)] | None = Field(
        None,
        description="Where mails go: smtp://user:password@host:587 (with STARTTLS; ?starttls=off for a relay in your "
        "own network) or smtps://…:465. Empty: none are sent; in development a page shows them.",
    )
    smtp_timeout: Duration = Field(
        parse_duration("30s"), gt=timedelta(), description="How long the delivery of one mail may take."
    )
    mail_from: Annotated[str, AfterValidator(_sender)] = Field(
        "", description="Whom mails are from: Name <address>; empty: no-reply@ the host of SITE_URL."
    )
    mail_retry_for: Duration = Field(parse_duration("6h"), description="How long a mail that can't be sent is tried.")
    email_verification: bool = Field(
        default=False,
        description="1: an account is made when the link in a mail was used, and registering doesn't tell who has one. "
        "Needs SMTP_URL outside development.",
    )
    verify_link_ttl: Duration = Field(
        parse_duration("24h"), gt=timedelta(), description="How long a link to verify an address is good."
    )
    reset_link_ttl: Duration = Field(
        parse_duration("1h"), gt=timedelta(), description="How long a link to a new password is good."
    )
    change_link_ttl: Duration = Field(
        parse_duration("1h"), gt=timedelta(), description="How long a link to a new address is good."
    )
    registration_ttl: Duration = Field(
        parse_duration("7d"), description="How long a registration waits for its address to be verified."
    )


class SmtpServer:
    """What SMTP_URL says."""

    def __init__(self, url: SecretStr) -> None:
        parts = urlsplit(url.get_secret_value())
        self.host = parts.hostname or ""
        self.port = parts.port or _PORTS[parts.scheme]
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.is_tls = parts.scheme == "smtps"
        self.may_be_plain = parts.query == "starttls=off"
