"""`python -m app.serve`: the API as it is run everywhere; what differs are settings.

Everything heavy is imported by the processes that serve; with several, the one above them only keeps them.
"""

import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import wait

import structlog
import uvicorn
from fastapi import FastAPI

from app.core.logging import configure_logging
from app.core.process import end_on_sigterm, settings_or_exit

log = structlog.get_logger(__name__)

# of the 5 s that a process has to leave: with several, the parent looks every 0.5 s only whether it was told to
_GRACE, _GRACE_OF_SEVERAL = 4, 3


def main() -> None:
    """Serves until SIGTERM."""
    end_on_sigterm()
    settings = settings_or_exit()
    configure_logging(settings.logging)
    if settings.app.is_insecure:
        log.warning(
            "plain http beyond this machine: passwords and cookies travel in the clear, for a trusted network only",
            site_url=settings.app.site_url,
        )
    own = settings.processes
    uvicorn.run(
        "app.serve:application",
        factory=True,
        host=own.api_host,
        port=settings.ports.api_port,
        workers=own.api_workers,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        # its default believes whoever connects from this machine: where Next forwards, that is any client
        proxy_headers=own.behind_proxy,
        forwarded_allow_ips="*",
        # longer than a proxy in front keeps its side, which would else send into a connection that just closed
        timeout_keep_alive=75,
        timeout_graceful_shutdown=_GRACE if own.api_workers == 1 else _GRACE_OF_SEVERAL,
        ws="websockets-sansio",
        # compression would hold memory for every socket and pay for every event
        ws_per_message_deflate=False,
        ws_max_size=1_048_576,
    )


def application() -> FastAPI:
    """The application in a process that serves."""
    from app.main import create_app  # noqa: PLC0415 - not in the process above several

    if parent := multiprocessing.parent_process():
        threading.Thread(target=_leave_with, args=(parent.sentinel,), daemon=True).start()
    return create_app()


def _leave_with(parent: int) -> None:
    """Ends this process when the one above was killed: it would keep the port from the next."""
    wait([parent])
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
