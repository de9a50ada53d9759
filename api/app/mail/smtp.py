"""Hands mails to an SMTP server. The library's client blocks, so it has threads, and an end to its patience."""

import asyncio
import smtplib
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from email.message import EmailMessage
from time import monotonic

from app.mail.post import NotSentError
from app.settings.mail import SmtpServer
from app.settings.site import is_loopback

AT_ONCE = 4
_OK = frozenset({250, 251})
_READY = 220
_PERMANENT = 500


class SmtpPost:
    """One connection a mail: there are few, and none then hangs on to a connection that died."""

    def __init__(self, server: SmtpServer, *, timeout: timedelta) -> None:
        self._server = server
        self._timeout = timeout.total_seconds()
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="smtp")

    async def deliver(self, mail: EmailMessage) -> None:
        """Raises NotSentError, after the time-out at the latest."""
        loop = asyncio.get_running_loop()
        delivery = _Delivery(self._server, mail, self._timeout)
        # the socket's own time-out is one of a single read: a server that drips would be listened to without end
        cut = loop.call_later(self._timeout, delivery.cut)
        try:
            await loop.run_in_executor(self._threads, delivery.run)
        finally:
            cut.cancel()

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


class _Delivery:
    """A mail on its way."""

    def __init__(self, server: SmtpServer, mail: EmailMessage, timeout: float) -> None:
        self._server = server
        self._sender, self._recipient = (mail[name].addresses[0].addr_spec for name in ("From", "To"))
        self._content = bytes(mail)
        self._timeout = timeout
        self._until = monotonic() + timeout
        self._socket: socket.socket | None = None
        self._is_handed_over = False

    def run(self) -> None:
        """Raises NotSentError."""
        try:
            client = _Client(self, self._server, self._timeout, own_name=self._sender.rpartition("@")[2])
            try:
                self._secure(client)
                self._hand_over(client)
            finally:
                client.close()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise NotSentError(repr(error), known=not self._is_handed_over) from error
        finally:
            if self._socket:
                self._socket.close()

    def opened(self, connection: socket.socket) -> None:
        """The connection, while it can still be had: TLS takes it for itself."""
        self._socket = connection.dup()

    def cut(self) -> None:
        """Ends it wherever it is; called from another thread."""
        if self._socket:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _secure(self, client: smtplib.SMTP) -> None:
        server = self._server
        client.ehlo_or_helo_if_needed()
        # links in mails are as good as passwords: they don't go in the clear because somebody took STARTTLS out
        if not server.is_tls and (client.has_extn("starttls") or not (server.may_be_plain or is_loopback(server.host))):
            client.starttls(context=ssl.create_default_context())
        if server.user:
            client.login(server.user, server.password)

    def _hand_over(self, client: smtplib.SMTP) -> None:
        options = () if self._recipient.isascii() else ("SMTPUTF8", "BODY=8BITMIME")
        if options and not client.has_extn("smtputf8"):
            raise NotSentError("the server doesn't take this address", final=True)
        client.ehlo_or_helo_if_needed()
        _expect(client.mail(self._sender, options))
        _expect(client.rcpt(self._recipient), final=True)
        if monotonic() > self._until:  # by now somebody else may be at it
            raise TimeoutError
        self._is_handed_over = True
        try:
            reply = client.data(self._content)
        except smtplib.SMTPDataError as refused:
            words = refused.smtp_error
            reply = refused.smtp_code, words.encode() if isinstance(words, str) else words
        _expect(reply, final=True)
        with suppress(OSError, smtplib.SMTPException):  # it has the mail: how it says goodbye is its own affair
            client.quit()


class _Client(smtplib.SMTP):
    """A client whose connection can be cut from the first moment on."""

    def __init__(self, delivery: _Delivery, server: SmtpServer, timeout: float, *, own_name: str) -> None:
        self._delivery = delivery
        self._is_tls = server.is_tls
        super().__init__(server.host, server.port, own_name, timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connection = socket.create_connection((host, port), timeout)
        self._delivery.opened(connection)
        if not self._is_tls:
            return connection
        return ssl.create_default_context().wrap_socket(connection, server_hostname=host)


def _expect(reply: tuple[int, bytes], *, final: bool = False) -> None:
    """Raises NotSentError for a refusal; one of the recipient or of the mail is `final` when the server says so."""
    code, words = reply
    if code not in _OK:
        raise NotSentError(f"{code} {words.decode('utf-8', 'replace')}"[:200], final=final and code >= _PERMANENT)
