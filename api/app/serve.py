"""`python -m app.serve`: the API as it is run everywhere; what differs are settings.

With several processes the one above them only keeps them, so it doesn't import the application.
"""

import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from app.core.process import end_on_sigterm, settings_or_exit

if TYPE_CHECKING:
    from fastapi import FastAPI

# of the 5 s that a process has to leave: with several, the parent looks every 0.5 s only whether it was told to
_GRACE, _GRACE_OF_SEVERAL = 4, 3
# a process doesn't answer its parent while it starts, which takes long where many start at once
_ANSWER_WITHIN = 30


def main() -> None:
    """Serves until SIGTERM."""
    end_on_sigterm()
    import structlog  # noqa: PLC0415 - from here on the signal is heard
    import uvicorn  # noqa: PLC0415
    from uvicorn.config import STARTUP_FAILURE  # noqa: PLC0415
    from uvicorn.supervisors import Multiprocess  # noqa: PLC0415

    from app.core.logging import configure_logging  # noqa: PLC0415

    settings = settings_or_exit()
    configure_logging(settings.logging)
    if settings.app.is_insecure:
        structlog.get_logger(__name__).warning(
            "plain http beyond this machine: passwords and cookies travel in the clear, for a trusted network only",
            site_url=settings.app.site_url,
        )
    own = settings.processes
    if own.behind_web:
        structlog.get_logger(__name__).info(
            "limits per address are off: the web server forwards every client's requests"
        )
    config = uvicorn.Config(
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
        timeout_worker_healthcheck=_ANSWER_WITHIN,
        ws="websockets-sansio",
        # compression would hold memory for every socket and pay for every event
        ws_per_message_deflate=False,
        ws_max_size=1_048_576,
    )
    if own.api_workers == 1:
        server = uvicorn.Server(config)
        server.run()
        sys.exit(0 if server.started else STARTUP_FAILURE)

    class Several(Multiprocess):
        def keep_subprocess_alive(self) -> None:
            # its questions to processes that live hold up SIGTERM, and a new process for one that died meanwhile
            if not all(each.process.is_alive() for each in self.processes):
                super().keep_subprocess_alive()

    several = Several(config, [config.bind_socket()])
    several.run()
    sys.exit(STARTUP_FAILURE if any(each.exitcode == STARTUP_FAILURE for each in several.processes) else 0)


def application() -> "FastAPI":
    """The application in a process that serves. Where it can't be made, the process above gives up, too."""
    if parent := multiprocessing.parent_process():
        threading.Thread(target=_leave_with, args=(parent.sentinel,), daemon=True).start()
    try:
        from app.main import create_app  # noqa: PLC0415

        return create_app()
    except Exception:
        import structlog  # noqa: PLC0415
        from uvicorn.config import STARTUP_FAILURE  # noqa: PLC0415

        structlog.get_logger(__name__).critical("the application can't be made", exc_info=True)
        sys.exit(STARTUP_FAILURE)


def _leave_with(parent: int) -> None:
    """Ends this process when the one above was killed: it would keep the port from the next."""
    wait([parent])
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
