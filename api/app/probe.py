"""`python -m app.probe api|worker|beat`: whether the process in this container can work; 0 or 1.

It runs every few seconds beside the process, so it imports next to nothing: no settings, no HTTP client.
"""

import os
import socket
import sys
from time import monotonic

_ANSWER_WITHIN = 2.5
_FRESH = 10.0  # seconds: three rounds of the pulse
_ANY = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - to ask there, not to listen


def api() -> str:
    """What is wrong with the API, or nothing."""
    host = os.environ.get("API_HOST", "")
    address = (_ANY.get(host, host), int(os.environ.get("API_PORT") or 8000))
    answer = b""
    try:
        with socket.create_connection(address, _ANSWER_WITHIN) as connection:
            connection.sendall(b"GET /api/readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            while part := connection.recv(65_536):
                answer += part
    except OSError as error:
        return repr(error)
    return "" if answer.startswith(b"HTTP/1.1 200 ") else answer.decode(errors="replace")


def noted() -> str:
    """What a worker or beat says is wrong with it, or nothing."""
    try:
        with open(os.environ.get("HEALTH_FILE", ""), encoding="utf-8") as file:  # noqa: PTH123 - pathlib is slow to load
            at, _, said = file.read().strip().partition(" ")
    except OSError as error:
        return f"HEALTH_FILE: {error}"
    age = monotonic() - float(at)
    if not 0 <= age <= _FRESH:  # a note of another boot may be of a time to come
        return f"silent for {age:.0f} s"
    return "" if said == "ok" else said


if __name__ == "__main__":
    probes = {"api": api, "worker": noted, "beat": noted}
    if len(sys.argv) != 2 or sys.argv[1] not in probes:  # noqa: PLR2004
        sys.exit("usage: python -m app.probe api|worker|beat")
    sys.exit(probes[sys.argv[1]]() or 0)
