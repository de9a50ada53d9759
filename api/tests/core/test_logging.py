"""Log lines: one JSON object each, ours and the libraries', or readable ones."""

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

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
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
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


def test_nothing_is_logged_twice() -> None:
    assert len(logging.getLogger().handlers) >= 1
    assert len(lines("json")) == 3
