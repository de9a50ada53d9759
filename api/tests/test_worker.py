"""What a worker and beat ask of themselves before they say that they are well."""

from time import monotonic

import pytest

from app.core.broker import broker
from app.core.clock import Clock
from app.worker import reached_by_broker, ticking


async def test_a_worker_that_does_not_hear_the_broker_is_not_well() -> None:
    alive = reached_by_broker("nobody@nowhere")

    with pytest.raises(TimeoutError, match="doesn't hear"):
        await alive()


async def test_a_clock_that_stands_still_is_told() -> None:
    clock = Clock(broker)
    alive = ticking(clock)
    await alive()

    clock.ticked_at = monotonic() - 11

    with pytest.raises(TimeoutError, match="stands still for 11 s"):
        await alive()
