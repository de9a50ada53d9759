"""Log lines: one JSON object each, ours and the libraries', or readable ones."""

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = """
import logging
import structlog
from app.core.logging import configure_logging
from app.settings import LoggingSettings

configure_logging(LoggingSettings(format="{format}", level="INFO"))
with structlog.contextvars.bound_contextvars(request_id="r1", task_id="t1"):
    structlog.get_logger("ours").info("said", number=1)
    logging.getLogger("theirs").warning("%s said", "they")
    structlog.get_logger("ours").debug("not said")
    logging.getLogger("uvicorn.access").info("GET /?code=secret")
    def divide(password):
        return 1 / 0
    try:
        divide("canary-" + "password")
    except ZeroDivisionError:
        structlog.get_logger("ours").exception("broke")
"""


def lines(form: str) -> list[str]:
    script = SCRIPT.replace("{format}", form)
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_json_lines_carry_the_ids_whoever_writes_them() -> None:
    ours, theirs, broke = (json.loads(line) for line in lines("json"))

    assert ours.items() >= {"event": "said", "number": 1, "level": "info", "logger": "ours"}.items()
    assert theirs.items() >= {"event": "they said", "level": "warning", "logger": "theirs"}.items()
    assert broke["exception"][0]["exc_type"] == "ZeroDivisionError"
    for line in (ours, theirs, broke):
        assert (line["request_id"], line["task_id"]) == ("r1", "t1")
        assert line["timestamp"].endswith("Z")


def test_console_lines_are_readable() -> None:
    first: Any = lines("console")[0]

    assert "said" in first
    assert "request_id" in first
    with pytest.raises(json.JSONDecodeError):
        json.loads(first)


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_has_no_values(form: str) -> None:
    text = "\n".join(lines(form))

    assert "ZeroDivisionError" in text
    assert "canary-password" not in text


SECRETS = """
import logging, sys
from app.core.logging import configure_logging
from app.settings import LoggingSettings

configure_logging(LoggingSettings(format="{format}", level="DEBUG"))
for line in sys.stdin.read().splitlines():
    logging.getLogger("theirs").warning(line)
logging.getLogger("theirs").debug("< Cookie: canary")
logging.getLogger("app.ours").debug("for whoever looks for a fault")
"""
SECRET_LINES = [
    "refused: slp_" + "abcdefgh-canary_x0123456789 is no key",
    "Cookie: a=eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJjYW5hcnkifQ.canary-signature; b=1",
    "0123456789abcdef0123456789abcdef.12." + "canary" * 11,
    "554 no links such as https://site.example/reset-password#token=canary-of-a-link here",
    "GET /callback?code=canary-1&state=canary-2&iss=https://issuer.example HTTP/1.1",
]


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_secret_that_a_library_says_is_taken_out(form: str) -> None:
    command = [sys.executable, "-c", SECRETS.replace("{format}", form)]
    text = subprocess.run(
        command, cwd=ROOT, input="\n".join(SECRET_LINES), capture_output=True, text=True, check=True
    ).stdout

    assert "canary" not in text
    assert text.count("[redacted]") == len(SECRET_LINES) + 1
    for kept in ("is no key", "; b=1", ".12.", "reset-password#token=", " here", "issuer.example", "looks for a fault"):
        assert kept in text


ODD = """
import logging, structlog
from pathlib import Path
from app.core.logging import configure_logging
from app.settings import LoggingSettings

configure_logging(LoggingSettings(format="json", level="INFO"))
logging.getLogger("theirs").warning({"they": "say"})
structlog.get_logger("ours").info("said", kind=Path)
"""


def test_what_is_no_text_is_written_by_its_name() -> None:
    done = subprocess.run([sys.executable, "-c", ODD], cwd=ROOT, capture_output=True, text=True, check=True)
    theirs, ours = map(json.loads, done.stdout.splitlines())

    assert theirs.items() >= {"event": "{'they': 'say'}", "level": "warning", "logger": "theirs"}.items()
    assert ours["kind"] == repr(Path)


def test_nothing_is_logged_twice() -> None:
    assert len(logging.getLogger().handlers) >= 1
    assert len(lines("json")) == 3
