"""The broker's address, which Celery would also read by itself."""

import pytest

from app.core.broker import create_broker
from app.settings import load


def test_a_password_apart_from_the_brokers_address_reaches_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://broker:6379/1")
    monkeypatch.setenv("REDIS_PASSWORD", "an-0wn-one")
    monkeypatch.setattr("app.core.broker.get_settings", load)
    broker = create_broker()

    for connection in (broker.connection_for_write(), broker.connection_for_read()):
        assert connection.as_uri(include_password=True) == "redis://:an-0wn-one@broker:6379/1"


def test_a_channel_whose_client_a_reset_took_can_be_closed() -> None:
    class Torn:
        def close(self) -> None:
            raise AttributeError("'NoneType' object has no attribute 'pipeline'")

    create_broker().connection_for_write().maybe_close_channel(Torn())
