"""Password hashes: argon2id, in threads, a few at a time."""

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.core.errors import Unavailable
from app.settings import AuthSettings

# Each takes a core for a tenth of a second, and anybody may ask: whoever would wait longer than a client does is told
# so, and what nobody waits for any more isn't done.
_WAIT_WITHIN = 20.0
_MOST_WAITING = 1_000

_KIB = 1_024
_LANES = 4
_LEAST = {"memory": 65_536, "passes": 3, "lanes": _LANES}
"""RFC 9106, section 4, the second recommended choice; memory in KiB."""
_LEAST_SALT, _LEAST_DIGEST = 16, 32
_HASH = re.compile(
    r"\$argon2id\$v=19\$m=(?P<memory>\d+),t=(?P<passes>\d+),p=(?P<lanes>\d+)\$(?P<salt>[^$]+)\$(?P<digest>[^$]+)"
)


class WeakHashError(Exception):
    """Passwords would be kept too weakly."""


T = TypeVar("T")


class Passwords:
    """Hashes off the event loop; more than a few at once would only fight for the same cores and memory."""

    def __init__(self, settings: AuthSettings) -> None:
        """Raises WeakHashError where what is really made is weaker than it has to be, whoever made it so."""
        memory = settings.password_hash_memory // _KIB
        hasher = Argon2Hasher(time_cost=settings.password_hash_passes, memory_cost=memory, parallelism=_LANES)
        self._hasher = PasswordHash((hasher,))
        self._nobodys = self._hasher.hash("nobody has this password")
        require_strong(self._nobodys)
        self._threads = ThreadPoolExecutor(settings.password_hashes_at_once, thread_name_prefix="argon2")
        self._turns = asyncio.Semaphore(settings.password_hashes_at_once)
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """The hash to store. Raises Unavailable when too many wait, as does `verify`."""
        return await self._run(self._hasher.hash, password)

    async def verify(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        """Whether the password is right, and a new hash where the stored one has old parameters.

        Without a hash of ours (nobody has the address, or no password) it does the same work and is wrong.
        """
        is_ours = stored is not None and Argon2Hasher.identify(stored)
        compared = stored if stored and is_ours else self._nobodys
        is_right, new_hash = await self._run(self._hasher.verify_and_update, password, compared)
        return (is_right, new_hash) if is_ours else (False, None)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[..., T], *args: str) -> T:
        await self._turn()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)
        finally:
            self._turns.release()

    async def _turn(self) -> None:
        if self._waiting >= _MOST_WAITING:
            raise Unavailable
        self._waiting += 1
        try:
            async with asyncio.timeout(_WAIT_WITHIN):
                await self._turns.acquire()
        except TimeoutError:
            raise Unavailable from None
        finally:
            self._waiting -= 1


def require_strong(made: str) -> None:
    """Raises WeakHashError unless the hash is argon2id with at least the parameters, salt and length of RFC 9106."""
    found = _HASH.fullmatch(made)
    weak = not found or any(int(found[part]) < least for part, least in _LEAST.items())
    if not found or weak or _bytes(found["salt"]) < _LEAST_SALT or _bytes(found["digest"]) < _LEAST_DIGEST:
        message = f"passwords would be hashed too weakly: {made.rpartition('$')[0].rpartition('$')[0] or 'unknown'}"
        raise WeakHashError(message)


def _bytes(base64: str) -> int:
    return len(base64) * 3 // 4
