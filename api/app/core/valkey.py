"""Connections to Valkey (or Redis): ours know their time-outs, and whoever uses them decides when to try again."""

from collections.abc import Iterable

from redis.asyncio import BlockingConnectionPool, Connection, Redis, SSLConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Lost

_CONNECT_WITHIN = 1.0


class _Plain(Connection):
    """Says lost where uvloop says RuntimeError: that is its word for writing to a socket that closed a moment ago."""

    async def send_packed_command(self, command: bytes | str | Iterable[bytes], check_health: bool = True) -> None:  # noqa: FBT001, FBT002 (the library's)
        try:
            await super().send_packed_command(command, check_health)
        except RuntimeError as closed:
            raise Lost(str(closed)) from closed


class _Secure(_Plain, SSLConnection):
    """The same over TLS."""


def connect(url: str, *, timeout: float, connections: int = 2) -> Redis:
    """A client whose commands fail after `timeout` seconds; a blocking read needs more than its BLOCK.

    Commands wait for one of the few `connections`. The library's own three retries with pauses of seconds are off:
    every caller has a loop of its own.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=connections,
        timeout=timeout,
        protocol=2,
        socket_timeout=timeout,
        socket_connect_timeout=_CONNECT_WITHIN,
        socket_keepalive=True,
        retry=Retry(NoBackoff(), 0),
    )
    pool.connection_class = _Secure if issubclass(pool.connection_class, SSLConnection) else _Plain
    return Redis.from_pool(pool)
