"""The first moments of a process, in which a container's first one has no default for a signal."""

import subprocess
import sys
from pathlib import Path

import pytest

# says what is loaded when SIGTERM gets its handler
_SPY = """
import os, runpy, signal, sys
signal.signal = lambda number, _: (print(number.name, *sys.modules, flush=True), os._exit(0))
module, *sys.argv[1:] = sys.argv[1:]
runpy.run_module(module, run_name="__main__", alter_sys=False)
"""


@pytest.mark.parametrize("command", [["app.serve"], ["app.run", "worker"], ["app.run", "beat"], ["app.migrate"]])
def test_sigterm_is_heard_before_anything_is_loaded_that_takes_long(command: list[str]) -> None:
    spying = [sys.executable, "-c", _SPY, *command]
    told = subprocess.run(spying, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2]).stdout

    number, *loaded = told.split()
    assert number == "SIGTERM"
    assert not {"pydantic", "structlog", "uvicorn", "celery", "alembic", "asyncpg", "sqlalchemy"} & set(loaded)
