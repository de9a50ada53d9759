"""Mails as they are written."""

from email.utils import parsedate_to_datetime
from html.parser import HTMLParser

import pytest

from app.core.ids import new_id
from app.mail.letters import Button, Letter
from app.mail.message import default_sender, message

LINK = "https://slipstream.example.org/reset-password#token=a&b"
LETTER = Letter("Subject <b>", ("First & second.",), Button("Open", LINK), ("Last.",))


def test_the_headers_are_those_of_a_machine_s_mail() -> None:
    mail_id = new_id()

    mail = message(LETTER, mail_id=mail_id, sender="Slip <no-reply@example.org>", recipient="ada@example.com")

    assert mail["From"] == "Slip <no-reply@example.org>"
    assert mail["To"] == "ada@example.com"
    assert mail["Message-ID"] == f"<{mail_id}@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(mail["Date"]).utcoffset() is not None
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert bytes(mail).isascii()
    assert max(len(line) for line in bytes(mail).splitlines()) <= 998


def test_the_text_is_enough_by_itself() -> None:
    assert LETTER.text == f"First & second.\n\nOpen:\n{LINK}\n\nLast.\n\n-- \nSlipstream\n"


def test_the_html_is_escaped_and_loads_nothing() -> None:
    seen: list[tuple[str, dict[str, str | None]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append((tag, dict(attrs)))

    Reader().feed(LETTER.html)

    assert "Subject &lt;b&gt;" in LETTER.html
    assert [attributes["href"] for tag, attributes in seen if tag == "a"] == [LINK]
    assert not {tag for tag, _ in seen} & {"b", "img", "script", "link", "iframe"}
    assert not any("src" in attributes for _, attributes in seen)
    assert "prefers-color-scheme: dark" in LETTER.html


@pytest.mark.parametrize(
    ("recipient", "subject"),
    [
        ("ada@example.com\r\nBcc: all@example.com", "x"),
        ("ada@example.com>\r\nRCPT TO:<b@example.com", "x"),
        ("ada@example.com", "x\r\nBcc: all@example.com"),
        ("ada@example.com, b@example.com", "x"),
    ],
)
def test_nothing_gets_into_the_headers(recipient: str, subject: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (the library's words)
        bytes(message(Letter(subject, ()), mail_id=new_id(), sender="a@example.org", recipient=recipient))


@pytest.mark.parametrize(
    ("site", "sender"),
    [
        ("https://slip.example.org", "Slipstream <no-reply@slip.example.org>"),
        ("http://localhost:3000", "Slipstream <no-reply@localhost.localdomain>"),
        ("http://[::1]:3000", "Slipstream <no-reply@localhost.localdomain>"),
    ],
)
def test_the_sender_is_the_site_s(site: str, sender: str) -> None:
    assert default_sender(site) == sender
