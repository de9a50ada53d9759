"""Runs a command and starts it anew when the code in ./app changes: python reload.py python -m app.serve

It compares times of change, since a mounted folder of a Mac or of Windows tells a container of no event.
"""

import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

_EVERY = 0.5


def look() -> dict[str, float]:
    """When each file of the code was changed last; one that goes away meanwhile is left out."""
    found = {}
    for file in Path("app").rglob("*.py"):
        try:
            found[str(file)] = file.stat().st_mtime
        except FileNotFoundError:
            continue
    return found


def main(command: list[str]) -> int:
    stopped = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    seen = look()
    child = subprocess.Popen(command)
    while not stopped.wait(_EVERY):
        now = look()
        if now == seen:
            continue
        changed = sorted(name for name in {*seen, *now} if seen.get(name) != now.get(name))
        print(f"Changed: {', '.join(changed[:3])}. Starting anew.", flush=True)
        seen = now
        child.terminate()
        child.wait()
        child = subprocess.Popen(command)
    child.terminate()
    return child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
