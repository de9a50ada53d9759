"""Password hashes: argon2id, in threads, a few at a time."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

# RFC 9106, section 4, the second recommended choice: 3 passes over 64 MiB in 4 lanes
_hasher = PasswordHash((Argon2Hasher(time_cost=3, memory_cost=65_536, parallelism=4),))


T = TypeVar("T")


class Passwords:
    """Hashes off the event loop; more than `at_once` would only fight for the same cores and memory."""

    def __init__(self, at_once: int) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="argon2")

    async def hash(self, password: str) -> str:
        """The hash to store."""
        return await self._run(_hasher.hash, password)

    async def verify(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        """Whether the password is right, and a new hash where the stored one has old parameters.

        Without a stored hash (nobody has the address) it takes as long and is wrong.
        """
        if stored is None:
            await self.hash(password)
            return False, None
        return await self._run(_hasher.verify_and_update, password, stored)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[..., T], *args: str) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)
