from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from tests.people import Person, register


@pytest.fixture
async def admin(app: FastAPI) -> AsyncIterator[Person]:
    """An administrator."""
    async with register(app, role="admin") as admin:
        yield admin
