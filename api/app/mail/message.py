"""Turns a letter into what goes over the wire."""

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, parseaddr
from urllib.parse import urlsplit
from uuid import UUID

from email_validator import validate_email

from app.mail.letters import Letter
from app.project import NAME


def message(letter: Letter, *, mail_id: UUID, sender: str, recipient: str) -> EmailMessage:
    """The mail. A second one of the same id has the same Message-ID: to a mailbox they are one."""
    name, address = parseaddr(sender)
    mailbox, _, domain = address_of(recipient).rpartition("@")
    found = EmailMessage(policy=SMTP if mailbox.isascii() else SMTPUTF8)
    found["From"] = Address(name, addr_spec=address)
    found["To"] = Address(username=mailbox, domain=domain)
    found["Subject"] = letter.subject
    found["Date"] = format_datetime(datetime.now(UTC))
    found["Message-ID"] = f"<{mail_id}@{address.rpartition('@')[2]}>"
    found["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday answers it
    found["X-Auto-Response-Suppress"] = "All"  # the same for Exchange
    found["Content-Language"] = "en"
    found.set_content(letter.text, cte="quoted-printable")
    found.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return found


def address_of(email: str) -> str:
    """The address as most servers take it: a domain in its ASCII form. Raises EmailNotValidError."""
    found = validate_email(email, check_deliverability=False, test_environment=True)
    return found.ascii_email or found.normalized


def default_sender(site_url: str) -> str:
    """Whom mails are from where nobody said it."""
    host = urlsplit(site_url).hostname or ""
    return f"{NAME} <no-reply@{host if '.' in host else 'localhost.localdomain'}>"
