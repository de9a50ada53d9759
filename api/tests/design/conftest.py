"""An API process whose model is a server of the test's own."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.design.reading import KEY, Asking
from tests.generators.endpoint import Connection, Endpoint, endpoint
from tests.people import Person
from tests.server import Server, serve

SETTINGS = {
    "GENERATOR": "openai",
    "OPENAI_API_KEY": "key-of-the-model",
    "STREAMING_PROXY_KEY": KEY,
    "DESIGN_FIRST_TOKEN": "1s",
    "DESIGN_DEADLINE": "4s",
    "DESIGNS_PER_USER": "2",
    "DESIGNS_PER_PROXY_KEY": "3",
    "STREAM_HEARTBEAT": "200ms",
}


async def a_design(connection: Connection) -> None:
    """A whole answer."""
    await connection.start()
    await connection.say("# Seeds: 🌱 a library", "\n\nIt lends.", finish="stop")
    await connection.end()


@pytest.fixture(scope="module")
async def module_model() -> AsyncIterator[Endpoint]:
    async with endpoint(a_design) as model:
        yield model


@pytest.fixture
def model(module_model: Endpoint) -> Endpoint:
    """The model behind the server; it answers well unless the test says otherwise."""
    module_model.answers = [a_design]
    return module_model


@pytest.fixture(scope="module")
async def server(module_model: Endpoint) -> AsyncIterator[Server]:
    async with serve(**SETTINGS, OPENAI_BASE_URL=module_model.url) as server:
        yield server


@pytest.fixture
async def asking(server: Server, person: Person) -> AsyncIterator[Asking]:
    """Somebody who is signed in, at that server."""
    async with httpx.AsyncClient(
        base_url=server.url, cookies=dict(person.browser.cookies), headers=dict(person.browser.headers), timeout=20
    ) as browser:
        yield Asking(browser)
