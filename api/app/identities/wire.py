"""How providers are asked: over https, in bounded time, with bounded answers, and never sent elsewhere."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import cached_property
from ssl import SSLContext
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.oauth2 import OAuth2Error

from app.identities.errors import Refused
from app.project import NAME
from app.settings.site import is_loopback

_LARGEST = 262_144
# GitHub answers nobody without a name; what is compressed could be larger than it looks
_HEADERS = {"User-Agent": NAME, "Accept": "application/json", "Accept-Encoding": "identity"}


class _UnfitError(Exception):
    pass


class Wire:
    """Makes the clients that talk to providers. `within` is the seconds that one answer may take in all."""

    def __init__(self, *, plain_http: bool, within: float = 10) -> None:
        self._plain_http = plain_http
        self._within = within

    def check(self, url: object) -> str:
        """The URL, if it is one to send something secret to. Raises Refused."""
        text = url if isinstance(url, str) else ""
        with suppress(ValueError):
            scheme, host = urlsplit(text).scheme, urlsplit(text).hostname
            if host and (scheme == "https" or (scheme == "http" and (self._plain_http or is_loopback(host)))):
                return text
        raise Refused("provider_unavailable", "it names an address that is not https")

    async def get(self, url: str, *, token: str | None = None, accept: str = "application/json") -> Any:
        """The JSON at a URL. Raises Refused."""
        headers = {"Accept": accept} | ({"Authorization": f"Bearer {token}"} if token else {})
        async with self._answered(), httpx2.AsyncClient(**self._options) as client:
            response = await client.get(self.check(url), headers=headers)
            if response.status_code in {401, 403} and token:
                raise Refused("provider_refused", f"its API answers {response.status_code}")
            if response.status_code != httpx2.codes.OK:
                raise Refused("provider_unavailable", f"it answers {response.status_code}")
            return response.json()

    async def post(
        self, url: str, form: dict[str, str], read: Callable[[httpx2.Response], Any], *, auth: httpx2.Auth | None
    ) -> Any:
        """What `read` makes of the answer to a form. Raises Refused."""
        async with self._answered(), httpx2.AsyncClient(**self._options) as client:
            return read(await client.post(self.check(url), data=form, auth=auth or httpx2.USE_CLIENT_DEFAULT))

    @asynccontextmanager
    async def _answered(self) -> AsyncIterator[None]:
        # a time-out of the client's is for one read: whoever sends a byte now and then would keep us for ever
        try:
            async with asyncio.timeout(self._within):
                yield
        except OAuth2Error as error:
            raise Refused("provider_refused", f"its token endpoint says {_known(error.error)}") from None
        except httpx2.HTTPStatusError as error:
            raise Refused("provider_unavailable", f"it answers {error.response.status_code}") from None
        # neither the text nor the cause: a client's error may quote what was sent
        except (httpx2.HTTPError, httpx2.InvalidURL, _UnfitError, OSError, ValueError) as error:
            raise Refused("provider_unavailable", type(error).__name__) from None

    @property
    def _options(self) -> dict[str, Any]:
        return {
            "verify": self._tls,
            "timeout": httpx2.Timeout(self._within, connect=3),
            "follow_redirects": False,
            "headers": _HEADERS,
            "event_hooks": {"response": [_bound]},
        }

    @cached_property
    def _tls(self) -> SSLContext:
        return httpx2.create_ssl_context()  # 20 ms: once, and only where somebody signs in so


async def _bound(response: httpx2.Response) -> None:
    """Has the body read only as far as one of a provider's can be. What sends us elsewhere has none."""
    if response.is_redirect or response.headers.get("content-encoding", "identity") != "identity":
        raise _UnfitError
    response.stream = _Bounded(response.stream)


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for piece in self._stream:
            size += len(piece)
            if size > _LARGEST:
                raise _UnfitError
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()


def _known(error: object) -> str:
    """The error's name, if it looks like one: the rest of such an answer may be anything."""
    text = str(error)
    return text if len(text) <= 50 and text.replace("_", "").isalnum() and text.isascii() else "an error"  # noqa: PLR2004
