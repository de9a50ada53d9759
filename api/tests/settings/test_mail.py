"""The settings of mail."""

from datetime import timedelta

import pytest

from app.settings import load
from app.settings.mail import MailSettings, SmtpServer
from tests.settings.environment import problems


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", ("mail.example.org", 587, "", "", False, False)),
        ("smtp://relay:25?starttls=off", ("relay", 25, "", "", False, True)),
        ("smtps://a%40b:p%2Fw@mail.example.org", ("mail.example.org", 465, "a@b", "p/w", True, False)),
        ("smtp://[::1]:2525", ("::1", 2525, "", "", False, False)),
    ],
)
def test_where_mails_go(environ: pytest.MonkeyPatch, url: str, expected: tuple[object, ...]) -> None:
    environ.setenv("SMTP_URL", url)

    settings = MailSettings()

    assert settings.smtp_url
    server = SmtpServer(settings.smtp_url)
    assert (server.host, server.port, server.user, server.password, server.is_tls, server.may_be_plain) == expected
    assert load().sends_mail
    assert url not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_URL", "mail.example.org"),
        ("SMTP_URL", "http://mail.example.org"),
        ("SMTP_URL", "smtp://"),
        ("SMTP_URL", "smtp://mail.example.org:99999"),
        ("SMTP_URL", "smtp://mail.example.org?starttls=never"),
        ("SMTP_URL", "smtp://mail.example.org/path"),
        ("SMTP_URL", "smtp://ada:changeme@mail.example.org"),
        ("MAIL_FROM", "nobody"),
        ("MAIL_FROM", "Slip <nobody>"),
        ("MAIL_FROM", "Slip\r\nBcc: all@example.com <a@example.org>"),
        ("VERIFY_LINK_TTL", "0s"),
        ("EMAIL_VERIFICATION", "1"),
        ("EMAIL_VERIFICATION", "maybe"),
    ],
)
def test_what_can_not_be_is_told(environ: pytest.MonkeyPatch, name: str, value: str) -> None:
    environ.setenv(name, value)

    assert set(problems()) == {name}


def test_verification_needs_mail_outside_development(environ: pytest.MonkeyPatch) -> None:
    environ.setenv("EMAIL_VERIFICATION", "true")
    assert "needs SMTP_URL" in problems()["EMAIL_VERIFICATION"]

    environ.setenv("SMTP_URL", "smtps://mail.example.org")
    assert load().mail.email_verification


def test_in_development_a_page_is_enough(environ: pytest.MonkeyPatch) -> None:
    environ.setenv("ENVIRONMENT", "development")
    environ.setenv("EMAIL_VERIFICATION", "1")

    settings = load()

    assert (settings.sends_mail, settings.keeps_mail) == (True, True)


def test_without_any_nothing_is_sent(environ: pytest.MonkeyPatch) -> None:
    settings = load()

    assert (settings.sends_mail, settings.keeps_mail, settings.mail.email_verification) == (False, False, False)
    assert settings.mail.reset_link_ttl == timedelta(hours=1)
