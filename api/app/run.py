"""`python -m app.run worker|beat`: Celery's two processes as they are run everywhere.

Not by Celery's own command, which loads a shell's line editor for its prompts: 5 MB of every process.
"""

import socket
import sys
from argparse import ArgumentParser

from app.core.process import end_on_sigterm, settings_or_exit


def main() -> None:
    """Runs until SIGTERM."""
    end_on_sigterm()
    parser = ArgumentParser(prog="python -m app.run")
    parser.add_argument("kind", choices=["worker", "beat"])
    parser.add_argument("--name", default="celery", help="a worker's own, where several share a host and a broker")
    given = parser.parse_args()
    settings_or_exit()
    from app.worker import celery  # noqa: PLC0415 - it takes most of a second

    if given.kind == "beat":
        celery.Beat(scheduler_cls="app.core.clock:Clock", loglevel="INFO", quiet=True).run()
        return
    worker = celery.Worker(
        hostname=f"{given.name}@{socket.gethostname()}",
        # threads: Celery only rings, the work is in the process's event loop
        pool_cls="threads",
        concurrency=4,
        without_gossip=True,
        without_mingle=True,
        loglevel="INFO",
        quiet=True,
    )
    worker.start()
    sys.exit(worker.exitcode)


if __name__ == "__main__":
    main()
