"""Connections to Valkey (or Redis): ours know their time-outs, and whoever uses them decides when to try again."""

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

CONNECT_WITHIN = 1.0


def connect(url: str, *, timeout: float) -> Redis:
    """A client whose commands fail after `timeout` seconds; a blocking read needs more than its BLOCK.

    The library's own three retries with pauses of seconds are off: every caller has a loop of its own.
    """
    return Redis.from_url(
        url,
        protocol=2,
        socket_timeout=timeout,
        socket_connect_timeout=CONNECT_WITHIN,
        socket_keepalive=True,
        retry=Retry(NoBackoff(), 0),
    )
