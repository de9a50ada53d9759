"""A real SMTP server in the test's own process, which can be as bad as they come."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import NamedTuple


class Delivered(NamedTuple):
    """A mail as it arrived."""

    sender: str
    recipient: str
    content: EmailMessage
    was_encrypted: bool
    raw: bytes

    @property
    def text(self) -> str:
        part = self.content.get_body(("plain",))
        assert part
        return str(part.get_content())

    @property
    def html(self) -> str:
        part = self.content.get_body(("html",))
        assert part
        return str(part.get_content())

    @property
    def token(self) -> str:
        """The secret of its link."""
        return self.text.partition("#token=")[2].split()[0]


class SmtpServer:
    """Accepts mails. `answers` replaces what it says to a command, "HELLO" being its greeting.

    None instead of an answer is silence, an empty text hangs up. What it says to a whole mail is "END".
    """

    def __init__(self, tls: ssl.SSLContext | None = None, *, implicit: bool = False) -> None:
        self.mails: list[Delivered] = []
        self.answers: dict[str, str | None] = {}
        self.drips = False
        self.password = ""
        self.connections = 0
        self.port = 0
        self._tls = tls
        self._implicit = implicit
        self._arrived = asyncio.Condition()

    @property
    def url(self) -> str:
        scheme = "smtps" if self._implicit else "smtp"
        user = f"ada%40example.com:{self.password}@" if self.password else ""
        return f"{scheme}://{user}localhost:{self.port}"

    async def mail_to(self, recipient: str, number: int = 1) -> Delivered:
        """The mail to this address, once it is there; of several the one with this number."""
        async with asyncio.timeout(20), self._arrived:
            await self._arrived.wait_for(lambda: len(self.to(recipient)) >= number)
        return self.to(recipient)[number - 1]

    def to(self, recipient: str) -> list[Delivered]:
        return [mail for mail in self.mails if mail.recipient == recipient]

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, _HungUpError):
            await _Conversation(self, reader, writer, encrypted=self._implicit).run()
        writer.close()

    async def take(self, mail: Delivered) -> None:
        async with self._arrived:
            self.mails.append(mail)
            self._arrived.notify_all()

    @property
    def tls(self) -> ssl.SSLContext | None:
        return None if self._implicit else self._tls


class _HungUpError(Exception):
    pass


class _Conversation:
    def __init__(
        self, server: SmtpServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, encrypted: bool
    ) -> None:
        self._server = server
        self._reader = reader
        self._writer = writer
        self._encrypted = encrypted
        self._sender = self._recipient = ""
        self._signed_in = not server.password

    async def run(self) -> None:
        await self._say("HELLO", "220 localhost")
        while line := (await self._reader.readline()).decode().strip():
            verb, _, rest = line.partition(" ")
            match verb.upper():
                case "EHLO":
                    offers = ["localhost", "SMTPUTF8", "8BITMIME", "AUTH PLAIN"]
                    offers += ["STARTTLS"] if self._server.tls and not self._encrypted else []
                    await self._say(
                        "EHLO", "\r\n".join([f"250-{offer}" for offer in offers[:-1]] + [f"250 {offers[-1]}"])
                    )
                case "STARTTLS":
                    await self._say("STARTTLS", "220 go on")
                    assert self._server.tls
                    await self._writer.start_tls(self._server.tls)
                    self._encrypted = True
                case "AUTH":
                    given = base64.b64decode(rest.split()[1]).decode().split("\0")[1:]
                    self._signed_in = given == ["ada@example.com", self._server.password]
                    await self._say("AUTH", "235 welcome" if self._signed_in else "535 who are you")
                case "MAIL":
                    self._sender = rest.partition("<")[2].partition(">")[0]
                    await self._say("MAIL", "250 ok" if self._signed_in else "530 sign in first")
                case "RCPT":
                    self._recipient = rest.partition("<")[2].partition(">")[0]
                    await self._say("RCPT", "250 ok")
                case "DATA":
                    await self._data()
                case "QUIT":
                    await self._say("QUIT", "221 bye")
                    return
                case _:
                    await self._say(verb.upper(), "250 ok")

    async def _data(self) -> None:
        await self._say("DATA", "354 go on")
        raw = (await self._reader.readuntil(b"\r\n.\r\n")).removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")
        if not (self._server.answers.get("END") or "").startswith(("4", "5")):
            content = message_from_bytes(raw, policy=default)
            await self._server.take(Delivered(self._sender, self._recipient, content, self._encrypted, raw))
        await self._say("END", "250 ok")

    async def _say(self, what: str, usual: str) -> None:
        words = self._server.answers.get(what, usual)
        if words is None:
            await self._reader.read()  # until the other side goes
            raise _HungUpError
        if not words:
            raise _HungUpError
        if self._server.drips:
            for byte in words.encode():
                self._writer.write(bytes([byte]))
                await self._writer.drain()
                await asyncio.sleep(0.05)
        self._writer.write(b"\r\n" if self._server.drips else f"{words}\r\n".encode())
        await self._writer.drain()


@asynccontextmanager
async def smtp_server(tls: ssl.SSLContext | None = None, *, implicit: bool = False) -> AsyncIterator[SmtpServer]:
    """A server on a port of its own; with `tls` it offers STARTTLS, or speaks nothing else where `implicit`."""
    server = SmtpServer(tls, implicit=implicit)
    listening = await asyncio.start_server(server.talk, "localhost", 0, ssl=tls if implicit else None)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
