"""`python -m app.run worker|beat [options]`: Celery's two processes as they are run everywhere."""

import sys

from app.core.process import end_on_sigterm, settings_or_exit

# threads: Celery only rings and keeps the clock, the work is in the process's event loop
_OPTIONS = {
    "worker": ["--pool", "threads", "--concurrency", "4", "--without-gossip", "--without-mingle"],
    "beat": ["--pidfile="],
}


def main(kind: str, *more: str) -> None:
    """Runs until SIGTERM."""
    end_on_sigterm()
    settings_or_exit()
    from app.worker import celery  # noqa: PLC0415 - it takes most of a second

    celery.start([kind, *_OPTIONS[kind], "--loglevel", "INFO", *more])


if __name__ == "__main__":
    if len(sys.argv) == 1 or sys.argv[1] not in _OPTIONS:
        sys.exit("usage: python -m app.run worker|beat [celery's options]")
    main(*sys.argv[1:])
