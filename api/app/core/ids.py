"""Ids: UUIDs of version 7, which grow with time, so that an index on them grows at one end."""

import os
import time
from uuid import UUID


def new_id() -> UUID:
    """A new UUIDv7. The twelve bits after the milliseconds hold their fraction: ids of one process sort by time."""
    milliseconds, fraction = divmod(time.time_ns(), 1_000_000)
    random = int.from_bytes(os.urandom(8)) & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=milliseconds << 80 | 7 << 76 | (fraction * 4_096 // 1_000_000) << 64 | 2 << 62 | random)
