"""Waiting for what only a query tells."""

import asyncio
from collections.abc import Awaitable, Callable


async def eventually(holds: Callable[[], Awaitable[object]]) -> None:
    """Returns when it holds. Raises TimeoutError after 20 s."""
    async with asyncio.timeout(20):
        while not await holds():  # noqa: ASYNC110 (Postgres tells nobody)
            await asyncio.sleep(0.01)
