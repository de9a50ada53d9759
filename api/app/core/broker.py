"""The Celery app: a doorbell and a clock. Features register their jobs on it; `app.worker` assembles them."""

from contextlib import suppress
from typing import Any

from celery import Celery
from celery.app.amqp import AMQP
from kombu.connection import Connection

from app.project import SLUG
from app.settings import get_settings


class _Connection(Connection):
    """Tries again every second or two: the library's pauses grow to half a minute, and so would a recovery."""

    def _ensure_connection(self, *args: Any, **options: Any) -> Any:
        patience = {"interval_start": 0.5, "interval_step": 0.5, "interval_max": 2.0}
        return super()._ensure_connection(*args, **patience | options)  # type: ignore[no-untyped-call]

    def maybe_close_channel(self, channel: Any) -> None:
        # kombu 5.7: a channel with unacknowledged messages wants a client that a second reset has already taken; the
        # error would end the worker. The messages come back by their visibility time-out, and rings are lost anyway.
        with suppress(AttributeError):
            super().maybe_close_channel(channel)  # type: ignore[no-untyped-call]


class _Amqp(AMQP):  # type: ignore[misc] # Celery has no types
    Connection = _Connection


def create_broker() -> Celery:
    """Configured when it is first used, so that importing a job needs no environment."""
    broker = Celery(SLUG, amqp=_Amqp)

    @broker.on_configure.connect(weak=False)
    def configure(sender: Celery, **_: object) -> None:
        options = {
            # without these a broker that is away holds a publisher for minutes
            "socket_connect_timeout": 0.5,
            "socket_timeout": 5.0,
            "socket_keepalive": True,
            "health_check_interval": 10,
        }
        url = get_settings().valkey.broker_url
        sender.conf.update(
            # both by name: `broker_url` alone loses against CELERY_BROKER_URL, whose password may be apart from it
            broker_read_url=url,
            broker_write_url=url,
            broker_transport_options={"global_keyprefix": f"{SLUG}:celery:", **options},
            broker_connection_retry_on_startup=True,
            broker_connection_max_retries=None,
            task_ignore_result=True,
            task_publish_retry=False,
            task_default_queue=SLUG,
            worker_prefetch_multiplier=1,
            worker_send_task_events=False,
            worker_cancel_long_running_tasks_on_connection_loss=True,
            worker_hijack_root_logger=False,
            worker_redirect_stdouts=False,
            timezone="UTC",
        )

    return broker


broker = create_broker()
