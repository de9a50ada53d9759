"""A provider on this machine, for tests: it listens on a real port, and its answers can be bent one by one."""

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

CLIENT_ID = "slipstream at the provider"
CLIENT_SECRET = "both: a colon and a + sign"


class Asked(NamedTuple):
    """A request that we sent."""

    method: str
    path: str
    headers: dict[str, str]
    form: dict[str, str]

    @property
    def bearer(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ")

    @property
    def client(self) -> tuple[str, str]:
        """By which id and secret the client says who it is: in the header, or in the form."""
        scheme, _, given = self.headers.get("authorization", "").partition(" ")
        if scheme != "Basic":
            return self.form.get("client_id", ""), self.form.get("client_secret", "")
        name, _, secret = base64.b64decode(given).decode().partition(":")
        return unquote_plus(name), unquote_plus(secret)


class Reply(NamedTuple):
    """What is answered."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = {}  # noqa: RUF012 - nobody changes it
    cut: bool = False
    """Whether the connection ends in the middle."""


Handler = Callable[[Asked], Reply]


class Grant(NamedTuple):
    """What a code is good for, once."""

    redirect_uri: str
    challenge: str
    nonce: str | None


class Provider:
    """Codes and tokens, as RFC 6749 and RFC 7636 have them. Who signs in and what else it answers is its heirs'."""

    token_path = "/token"

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[Asked] = []
        self.replies: dict[str, Handler] = {self.token_path: self._token}
        self.grants: dict[str, Grant] = {}
        self.access_token = "an-access-token-that-nobody-sees"

    def sign_in(self, location: str, **bent: str) -> str:
        """What a person does there: agrees. Gives the path to which the browser is sent back."""
        asked = dict(parse_qsl(urlsplit(location).query, strict_parsing=True))
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        assert len(asked["state"]) >= 43
        code = f"code-{len(self.grants)}-that-nobody-sees"
        self.grants[code] = Grant(asked["redirect_uri"], asked["code_challenge"], asked.get("nonce"))
        return self.back(asked, {"code": code, **bent})

    def deny(self, location: str, error: str = "access_denied") -> str:
        """What else a person does there."""
        asked = dict(parse_qsl(urlsplit(location).query, strict_parsing=True))
        return self.back(asked, {"error": error, "error_description": "They said no."})

    def back(self, asked: dict[str, str], answer: dict[str, str]) -> str:
        to = urlsplit(asked["redirect_uri"])
        return f"{to.path}?{urlencode({'state': asked['state'], **answer})}"

    def _token(self, asked: Asked) -> Reply:
        assert asked.method == "POST"
        if asked.client != (CLIENT_ID, CLIENT_SECRET):
            return Reply({"error": "invalid_client"}, 401)
        grant = self.grants.pop(asked.form["code"], None)
        if grant is None or asked.form["redirect_uri"] != grant.redirect_uri:
            return Reply({"error": "invalid_grant"}, 400)
        digest = hashlib.sha256(asked.form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != grant.challenge:
            return Reply({"error": "invalid_grant"}, 400)
        return Reply(self.tokens(grant))

    def tokens(self, grant: Grant) -> dict[str, Any]:  # noqa: ARG002 - its heirs' affair
        return {"access_token": self.access_token, "token_type": "Bearer", "expires_in": 300}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:]) if name}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            method, path, _ = head[0].split()
            asked = Asked(method, path, headers, dict(parse_qsl(body.decode())))
            self.asked.append(asked)
            handler = self.replies.get(path)
            writer.write(written(handler(asked) if handler else Reply({"message": "Not Found"}, 404)))
            await writer.drain()
        finally:
            writer.close()


def written(reply: Reply) -> bytes:
    """The answer's bytes."""
    body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
    headers = {"content-type": "application/json", "content-length": str(len(body)), **reply.headers}
    head = [f"HTTP/1.1 {reply.status} X", *(f"{name}: {value}" for name, value in headers.items()), "connection: close"]
    sent = ("\r\n".join(head) + "\r\n\r\n").encode() + body
    return sent[: -len(body) // 2] if reply.cut else sent


@asynccontextmanager
async def served(provider: Provider) -> AsyncIterator[None]:
    """Has the provider answer at `provider.url`."""
    server = await asyncio.start_server(provider.serve, "127.0.0.1", 0)
    provider.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield
    finally:
        server.close()
