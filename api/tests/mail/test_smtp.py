"""Handing mails to an SMTP server: to good ones, bad ones and none."""

import asyncio
import datetime as dt
import ssl
from collections.abc import AsyncIterator, Callable
from email.message import EmailMessage
from pathlib import Path
from time import monotonic

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from app.core.ids import new_id
from app.mail.letters import Button, Letter
from app.mail.message import message
from app.mail.post import NotSentError
from app.mail.smtp import SmtpPost
from app.settings.mail import SmtpServer as Configured
from tests.mail.smtp_server import SmtpServer, smtp_server
from tests.processes import free_port

LETTER = Letter("A letter", ("Dear you,",), Button("Open", "https://slipstream.example.org/x#token=a-b_c"), (".",))


def mail(recipient: str = "ada@example.com") -> EmailMessage:
    return message(LETTER, mail_id=new_id(), sender="Slipstream <no-reply@example.org>", recipient=recipient)


async def deliver(url: str, seconds: float = 5.0, recipient: str = "ada@example.com") -> None:
    post = SmtpPost(Configured(SecretStr(url)), timeout=dt.timedelta(seconds=seconds))
    try:
        await post.deliver(mail(recipient))
    finally:
        post.close()


@pytest.fixture
async def server() -> AsyncIterator[SmtpServer]:
    async with smtp_server() as server:
        yield server


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for this machine, which this process trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (tmp_path / "certificate.pem").write_bytes(made.public_bytes(pem))
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key.pem")
    return context


async def test_a_mail_arrives_as_it_was_written(server: SmtpServer) -> None:
    await deliver(server.url)

    [arrived] = server.mails
    assert (arrived.sender, arrived.recipient) == ("no-reply@example.org", "ada@example.com")
    assert arrived.text.replace("\r\n", "\n") == LETTER.text
    assert arrived.html.replace("\r\n", "\n") == LETTER.html
    assert arrived.content["Subject"] == "A letter"


async def test_a_line_of_one_dot_ends_nothing(server: SmtpServer) -> None:
    await deliver(server.url)

    assert "\n.\n" in server.mails[0].text.replace("\r\n", "\n")


@pytest.mark.parametrize("implicit", [False, True])
async def test_tls_is_used_and_the_password_with_it(certificate: ssl.SSLContext, *, implicit: bool) -> None:
    async with smtp_server(certificate, implicit=implicit) as server:
        server.password = "right"

        await deliver(server.url)

        assert [arrived.was_encrypted for arrived in server.mails] == [True]


async def test_a_certificate_of_somebody_else_is_refused(
    certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    async with smtp_server(certificate) as server:
        with pytest.raises(NotSentError, match="CERTIFICATE_VERIFY_FAILED"):
            await deliver(server.url)

        assert not server.mails


async def test_without_tls_nothing_leaves_this_machine(server: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.mail.smtp.is_loopback", lambda _: False)

    with pytest.raises(NotSentError, match="STARTTLS"):
        await deliver(server.url)
    await deliver(f"{server.url}?starttls=off")

    assert len(server.mails) == 1


async def test_an_address_outside_of_ascii_arrives(server: SmtpServer) -> None:
    await deliver(server.url, recipient="žofie@bücher.example")
    await deliver(server.url, recipient="ada@bücher.example")

    assert [arrived.recipient for arrived in server.mails] == ["žofie@bücher.example", "ada@xn--bcher-kva.example"]
    assert server.mails[0].content["To"] == "žofie@bücher.example"


@pytest.mark.parametrize(
    ("answers", "known", "final"),
    [
        ({"HELLO": "421 full"}, True, False),
        ({"HELLO": ""}, True, False),
        ({"EHLO": ""}, True, False),
        ({"MAIL": "550 not you"}, True, False),
        ({"RCPT": "450 later"}, True, False),
        ({"RCPT": "550 nobody"}, True, True),
        ({"DATA": "451 later"}, True, False),
        ({"DATA": ""}, False, False),
        ({"END": "554 no"}, True, True),
        ({"END": "452 full"}, True, False),
        ({"END": ""}, False, False),
        ({"HELLO": "what?"}, True, False),
    ],
)
async def test_a_refusal_says_whether_it_may_have_arrived_and_whether_to_try_again(
    server: SmtpServer, answers: dict[str, str | None], *, known: bool, final: bool
) -> None:
    server.answers = answers

    with pytest.raises(NotSentError) as refused:
        await deliver(server.url)

    assert (refused.value.known, refused.value.final) == (known, final)


@pytest.mark.parametrize("answers", [{"QUIT": ""}, {"QUIT": "500 what?"}])
async def test_how_a_server_says_goodbye_is_its_own_affair(server: SmtpServer, answers: dict[str, str | None]) -> None:
    server.answers = answers

    await deliver(server.url)

    assert len(server.mails) == 1


async def test_a_wrong_password_is_no_reason_to_give_up(server: SmtpServer) -> None:
    server.password = "right"
    url = server.url.replace("right", "wrong")

    with pytest.raises(NotSentError) as refused:
        await deliver(url)

    assert (refused.value.known, refused.value.final) == (True, False)


def silent(server: SmtpServer) -> None:
    server.answers = {"HELLO": None}


def dripping(server: SmtpServer) -> None:
    server.drips = True


@pytest.mark.parametrize("slow", [silent, dripping])
async def test_a_slow_server_is_not_waited_for(server: SmtpServer, slow: Callable[[SmtpServer], None]) -> None:
    slow(server)
    began = monotonic()

    with pytest.raises(NotSentError) as refused:
        await deliver(server.url, seconds=0.3)

    assert refused.value.known
    assert monotonic() - began < 3


async def test_a_server_that_takes_the_mail_and_says_nothing_leaves_a_doubt(server: SmtpServer) -> None:
    server.answers = {"END": None}

    with pytest.raises(NotSentError) as refused:
        await deliver(server.url, seconds=0.3)

    assert not refused.value.known


async def test_where_nobody_listens_the_mail_is_not_sent() -> None:
    with pytest.raises(NotSentError) as refused:
        await deliver(f"smtp://localhost:{free_port()}")

    assert refused.value.known


async def test_the_loop_goes_on_while_a_server_thinks(server: SmtpServer) -> None:
    silent(server)

    sending = asyncio.create_task(deliver(server.url, seconds=0.3))
    ticks = 0
    while not sending.done():
        await asyncio.sleep(0)
        ticks += 1

    assert ticks > 100
    with pytest.raises(NotSentError):
        await sending
