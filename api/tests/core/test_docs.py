"""The documentation's pages."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from app.main import create_app
from app.settings import Settings
from tests.people import browser
from tests.problems import problem

PATHS = ["/api/docs", "/api/openapi.json", "/api/docs/start.js", "/api/docs/swagger-ui-bundle.js"]


def deployed(settings: Settings, *, enabled: bool | None) -> Settings:
    site = settings.app.model_copy(update={"environment": "production", "docs_enabled": enabled})
    return Settings(**{name: getattr(settings, name) for name in Settings.__slots__ if name != "app"}, app=site)


@pytest.fixture
async def docs(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(create_app(settings)) as client:
        yield client


async def test_the_page_needs_nothing_from_elsewhere(docs: httpx.AsyncClient) -> None:
    page = await docs.get("/api/docs")

    assets = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(assets) == 4
    assert all(asset.startswith("/api/docs/") for asset in assets)
    assert "<script>" not in page.text
    [policy] = page.headers.get_list("content-security-policy")
    assert "script-src 'self';" in policy
    assert page.headers.get_list("referrer-policy") == ["no-referrer"]
    for asset in assets:
        assert (await docs.get(asset)).status_code == 200


async def test_the_document_is_the_contract(docs: httpx.AsyncClient) -> None:
    assert "/api/v1/tasks" in (await docs.get("/api/openapi.json")).json()["paths"]


async def test_no_other_file_is_served(docs: httpx.AsyncClient) -> None:
    for name in ("__init__.py", "..%2f__init__.py", "nothing.js"):
        problem(await docs.get(f"/api/docs/{name}"), 404, "not_found")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("enabled", "status"), [(None, 404), (False, 404), (True, 200)])
async def test_production_serves_them_only_when_asked(
    settings: Settings, path: str, status: int, *, enabled: bool | None
) -> None:
    async with browser(create_app(deployed(settings, enabled=enabled))) as client:
        assert (await client.get(path)).status_code == status
