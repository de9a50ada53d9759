"""What a browser does at a provider's, and where it is in the end."""

from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import httpx

from tests.identities.provider import Provider

Act = Callable[[str], str]


async def start(browser: httpx.AsyncClient, provider: str = "oidc", **query: str) -> str:
    """Presses the button. Gives the provider's address."""
    response = await browser.get(f"/api/v1/auth/{provider}/start", params=query)
    assert response.status_code == 302, response.text
    return response.headers["location"]


async def visit(
    browser: httpx.AsyncClient, provider: Provider, name: str = "oidc", act: Act | None = None, **query: str
) -> str:
    """Presses the button, signs in there, and comes back. Gives where the browser is sent on to."""
    back = (act or provider.sign_in)(await start(browser, name, **query))
    return await come_back(browser, back)


async def come_back(browser: httpx.AsyncClient, path: str) -> str:
    """As a browser does: from another site."""
    response = await browser.get(path, headers={"Sec-Fetch-Site": "cross-site", "Origin": ""})
    assert response.status_code == 302, response.text
    location = response.headers["location"]
    assert "code" not in location, location
    return location


def error_of(location: str) -> str:
    """The code of what went wrong, by the page that says it."""
    where = urlsplit(location)
    assert where.path in {"/sign-in", "/settings/linked-accounts"}, location
    return dict(parse_qsl(where.query))["error"]


async def who(browser: httpx.AsyncClient) -> str | None:
    """The address of whoever is signed in there."""
    response = await browser.get("/api/v1/me")
    return response.json()["email"] if response.status_code == 200 else None
