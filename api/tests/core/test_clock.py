"""Beat's clock: each period of a job once, whoever looks and however often."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from app.core.broker import broker
from app.core.clock import Clock

BEGAN = 1_800_000_000.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[Clock, list[str]]]:
    """Makes clocks for one job every 10 s; each with what it sent."""
    name = uuid4().hex

    def make() -> tuple[Clock, list[str]]:
        clock, sent = Clock(broker), list[str]()
        clock.schedule = {}
        clock.update_from_dict({name: {"task": "tasks.prune_feed", "schedule": 10.0}})
        monkeypatch.setattr(clock, "apply_async", lambda entry, **_: sent.append(entry.name))
        return clock, sent

    return make


def at(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    monkeypatch.setattr("app.core.clock.time.time", lambda: BEGAN + seconds)


async def test_a_period_is_sent_once_by_whoever_comes_first(clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (one, sent), (other, sent_too) = clock(), clock()

    for second in range(0, 50, 2):
        at(monkeypatch, second)
        for beat in (one, other) if second % 4 else (other, one):
            beat.tick()

    assert len(sent) + len(sent_too) == 5
    assert sent
    assert sent_too


async def test_a_restart_sends_nothing_again_and_misses_nothing(clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = 0

    for second in range(0, 50, 2):
        at(monkeypatch, second)
        beat, its = clock()
        beat.tick()
        sent += len(its)

    assert sent == 5


async def test_what_could_not_be_sent_is_tried_again(clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (one, _), (other, sent) = clock(), clock()

    def fail(*_: Any, **__: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(one, "apply_async", fail)
    at(monkeypatch, 0)

    one.tick()
    other.tick()

    assert len(sent) == 1


def test_a_broker_that_is_away_for_long_is_asked_often(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("kombu.utils.functional.sleep", pauses.append)
    connection = broker.connection_for_read("redis://127.0.0.1:9/0")

    with pytest.raises(Exception, match="refused"):
        connection.ensure_connection(max_retries=12)

    assert sum(pauses) > 5
    assert max(pauses) <= 2
