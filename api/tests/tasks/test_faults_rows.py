"""A database that stops answering on the connections there are costs nobody a lease."""

from collections.abc import AsyncIterator
from time import monotonic
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr
from sqlalchemy import Row

from app.core.db import Database
from app.settings import Settings, TaskSettings
from tests.proxy import Proxy, proxy
from tests.tasks.workers import Desk, Script


@pytest.fixture
async def road(settings: Settings) -> AsyncIterator[Proxy]:
    url = urlsplit(settings.database.url.get_secret_value())
    assert url.hostname
    assert url.port
    async with proxy(url.hostname, url.port) as road:
        yield road


@pytest.fixture
async def far_db(settings: Settings, road: Proxy) -> AsyncIterator[Database]:
    """The database at the end of the road."""
    url = urlsplit(settings.database.url.get_secret_value())
    far = url._replace(netloc=f"{url.username}:{url.password}@127.0.0.1:{road.port}").geturl()
    async with Database(settings.database.model_copy(update={"url": SecretStr(far)})) as db:
        yield db


async def test_leases_outlive_connections_that_say_nothing_any_more(
    desk: Desk, far_db: Database, road: Proxy, settings: Settings
) -> None:
    """With the leases of production: 6 s, extended every 2."""
    leases = TaskSettings(poll=settings.tasks.poll)
    tasks = [await desk.task() for _ in range(3)]
    script = Script("one", goes_on=True)
    near, desk.db = desk.db, far_db
    async with desk.worker(script, settings=leases):
        desk.db = near
        before = [await desk.row_when(task_id, lambda row: row.text == "one") for task_id in tasks]
        assert road.go_dark() >= 2
        went_dark = monotonic()

        def is_extended(row: Row[object]) -> bool:
            return row.lease_until is not None and row.lease_until > latest

        latest = max(row.lease_until for row in before)
        after = [await desk.row_when(task_id, is_extended, within=6) for task_id in tasks]
        renewed_after = monotonic() - went_dark

    assert {row.attempt for row in after} == {1}
    assert renewed_after < 5
