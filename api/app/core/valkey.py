"""Connections to Valkey (or Redis): ours know their time-outs, and whoever uses them decides when to try again."""

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

_CONNECT_WITHIN = 1.0


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
    return Redis.from_pool(pool)
