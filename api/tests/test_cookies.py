"""Every cookie that the API sets, whichever operation does: the contract's attributes and no others."""

import ast
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from app.main import create_app
from app.settings import Settings
from tests.operations import OPERATIONS
from tests.people import Person, browser, new_email, register

APP = Path(__file__).parents[1] / "app"
# which operations set cookies at all: one more is a decision
SETTING = {"register", "login", "refresh", "logout"}
PASSWORD = "six calm otters at noon"


@pytest.fixture(params=["http://localhost:3000", "https://slipstream.example"])
async def site(request: pytest.FixtureRequest, settings: Settings) -> AsyncIterator[FastAPI]:
    """The application under an address with TLS, and under one without."""
    app = create_app(replace(settings, app=settings.app.model_copy(update={"site_url": request.param})))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def resident(site: FastAPI) -> AsyncIterator[Person]:
    async with register(site, "admin") as person:
        yield person


def check(site: FastAPI, response: httpx.Response) -> set[str]:
    """The names of the cookies that an answer sets, once each is as it must be."""
    names = set()
    for line in response.headers.get_list("set-cookie"):
        (name, value), *rest = (part.split("=", 1) for part in line.split("; "))
        attributes = {part[0].lower(): part[-1].lower() for part in rest}
        is_secure = site.state.settings.app.is_https
        max_age = int(attributes.pop("max-age"))
        assert name.startswith("__Host-slipstream_" if is_secure else "slipstream_")
        assert (max_age == 0) == (value.strip('"') == "")
        if max_age == 0:
            attributes.pop("expires", None)
        expected = {"path": "/", "samesite": "lax", "httponly": "httponly"}
        assert attributes == expected | ({"secure": "secure"} if is_secure else {}), line
        assert len(rest) == len({part[0].lower() for part in rest}), "an attribute twice"
        names.add(name.removeprefix("__Host-"))
    return names


async def test_every_cookie_of_every_operation_is_as_the_contract_says(site: FastAPI, resident: Person) -> None:
    cookies = dict(resident.browser.cookies)
    setting: dict[str, set[str]] = {}
    for operation in OPERATIONS:
        resident.browser.cookies.update(cookies)
        body = {} if operation.document["tags"] == ["design"] else operation.body()  # a design takes its time
        response = await resident.browser.request(operation.method, operation.url(), json=body)
        assert response.status_code < 500, operation.name
        if names := check(site, response):
            setting[operation.name] = names

    assert setting.keys() <= SETTING
    assert all(names == {"slipstream_access", "slipstream_refresh"} for names in setting.values())


async def test_a_life_in_cookies(site: FastAPI) -> None:
    known = {"email": new_email(), "password": PASSWORD}
    life = {"register": known | {"name": "Ada"}, "refresh": None, "logout": None, "login": known}
    async with browser(site) as client:
        for step, body in life.items():
            response = await client.post(f"/api/v1/auth/{step}", json=body)

            assert response.is_success, response.text
            assert check(site, response) == {"slipstream_access", "slipstream_refresh"}
            assert len(client.cookies) == (0 if step == "logout" else 2)


async def test_the_access_cookie_lasts_no_longer_than_its_token(site: FastAPI, resident: Person) -> None:
    auth = site.state.settings.auth

    response = await resident.browser.post("/api/v1/auth/refresh")

    ages = [int(line.split("Max-Age=")[1].split(";")[0]) for line in response.headers.get_list("set-cookie")]
    assert ages[0] <= auth.access_token_ttl.total_seconds()
    assert ages[1] <= auth.refresh_token_ttl.total_seconds()


async def test_a_cookie_under_the_name_of_the_other_kind_of_site_is_no_session(site: FastAPI, resident: Person) -> None:
    """A sibling subdomain can plant a name without the prefix, and never one with it."""
    access = site.state.authentication.cookies.access
    value = resident.browser.cookies[access]
    other = access.removeprefix("__Host-") if access.startswith("__Host-") else f"__Host-{access}"
    resident.browser.cookies.clear()

    response = await resident.browser.get("/api/v1/me", headers={"Cookie": f"{other}={value}"})

    assert response.status_code == 401


def test_only_the_modules_of_cookies_set_them() -> None:
    found = set()
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr in {"set_cookie", "delete_cookie"}:
                found.add(str(path.relative_to(APP)))
            if isinstance(node, ast.Constant) and str(node.value).lower() == "set-cookie":
                found.add(str(path.relative_to(APP)))

    assert found <= {"accounts/cookies.py", "identities/cookies.py"}
