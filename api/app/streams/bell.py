"""Wakes hubs: what a process has just committed, the hubs of all processes look at now instead of soon."""

import asyncio
from collections.abc import Iterable, Mapping
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.project import SLUG

log = structlog.get_logger(__name__)

KEY = f"{SLUG}:bell"
_KEPT = 1_000
_TTL = 3_600


class Bell:
    """Rings for owners whose rows changed. A ring may be lost: hubs look by themselves every 2 s."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._waiting: set[UUID] = set()
        self._ringing: asyncio.Task[None] | None = None

    def ring(self, owners: Iterable[UUID]) -> None:
        """To be called after the commit, in the loop; what is rung for meanwhile goes out in one command."""
        self._waiting.update(owners)
        if self._waiting and self._ringing is None:
            self._ringing = asyncio.create_task(self._ring())

    async def _ring(self) -> None:
        try:
            while self._waiting:
                owners = b"".join(owner.bytes for owner in self._waiting)
                self._waiting.clear()
                pipeline = self._redis.pipeline(transaction=False)
                pipeline.execute_command("XADD", KEY, "MAXLEN", "~", _KEPT, "*", "o", owners)
                pipeline.execute_command("EXPIRE", KEY, _TTL)
                await pipeline.execute()
        except (RedisError, OSError) as error:
            log.warning("the bell is out of order", error=str(error) or type(error).__name__)
        finally:
            self._ringing = None


def rung_for(fields: Mapping[bytes, bytes]) -> set[UUID]:
    """The owners of one ring."""
    owners = fields.get(b"o", b"")
    return {UUID(bytes=owners[at : at + 16]) for at in range(0, len(owners) - 15, 16)}
