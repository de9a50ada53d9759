"""How providers are asked."""

import asyncio
import logging

import httpx
import pytest

from app.identities.errors import Refused
from app.identities.wire import Wire
from tests.identities.kinds import GitHubSite, OidcProvider
from tests.identities.visits import error_of, start, visit


@pytest.mark.parametrize(
    "url",
    [
        "https://login.example.org/token",
        "http://127.0.0.1:9000/token",
        "http://localhost/token",
        "http://[::1]/token",
    ],
)
def test_secrets_go_over_https_or_stay_on_this_machine(url: str) -> None:
    assert Wire(plain_http=False).check(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://login.example.org/token",
        "http://localhost.example.org/token",
        "ftp://login.example.org",
        "https:///token",
        "https://[::1/token",
        "/token",
        "",
        None,
        5,
    ],
)
def test_and_nowhere_else(url: object) -> None:
    with pytest.raises(Refused) as caught:
        Wire(plain_http=False).check(url)

    assert caught.value.error == "provider_unavailable"


def test_in_development_plain_http_is_enough() -> None:
    assert Wire(plain_http=True).check("http://login.example.org/token")


async def test_an_answer_has_its_time_however_slowly_it_comes(oidc: OidcProvider) -> None:
    async def trickle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
        try:
            while True:
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.02)
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(trickle, "127.0.0.1", 0)
    try:
        with pytest.raises(Refused) as caught:
            async with asyncio.timeout(5):
                await Wire(plain_http=True, within=0.2).get(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    finally:
        server.close()

    assert (caught.value.error, caught.value.reason) == ("provider_unavailable", "TimeoutError")


async def test_nobody_there_is_told_like_one_who_is_away(client: httpx.AsyncClient, oidc: OidcProvider) -> None:
    oidc.metadata["token_endpoint"] = "http://127.0.0.1:1/token"

    assert error_of(await visit(client, oidc)) == "provider_unavailable"


async def test_neither_codes_nor_tokens_nor_secrets_are_in_the_log(
    client: httpx.AsyncClient,
    oidc: OidcProvider,
    github: GitHubSite,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    for spoilt in (None, "nonce", "code"):
        location = await start(client)
        back = oidc.sign_in(location)
        if spoilt == "nonce":
            oidc.claims["nonce"] = "another nonce that nobody sees"
        if spoilt == "code":
            oidc.grants.clear()
        await client.get(back)
    await visit(client, github, "github", link="1")

    said = capsys.readouterr().out + caplog.text
    assert "a sign-in at a provider failed" in said
    for secret in ("that-nobody-sees", "that nobody sees", "both: a colon", "code-0", "state=", oidc.email, "eyJ"):
        assert secret not in said, secret
