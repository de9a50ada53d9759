import pytest
import uvloop
from redis.asyncio import Redis, SSLConnection
from redis.exceptions import ConnectionError as Lost

from app.core.valkey import connect
from app.settings import get_settings


def test_a_socket_that_closed_a_moment_ago_is_a_lost_connection() -> None:
    """On uvloop, as in production: it answers a write with a RuntimeError, which no caller expects."""

    async def write_to_it() -> None:
        async with connect(get_settings().valkey.url, timeout=1) as valkey:
            connection = await valkey.connection_pool.get_connection()  # type: ignore[no-untyped-call]
            connection._writer.transport.abort()
            with pytest.raises(Lost):
                await connection.send_command("PING")
            await valkey.connection_pool.release(connection)

    uvloop.run(write_to_it())


def test_an_address_with_tls_is_reached_with_tls() -> None:
    valkey: Redis = connect("rediss://localhost/0", timeout=1)

    assert issubclass(valkey.connection_pool.connection_class, SSLConnection)
