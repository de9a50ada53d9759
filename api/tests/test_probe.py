"""The probe: quick, and wrong about nothing."""

import asyncio
import subprocess
import sys
from pathlib import Path
from time import monotonic
from typing import cast

import pytest
from redis.asyncio import Redis

from app.core.db import Database
from app.health.checks import Readiness
from app.health.pulse import Pulse


def probe(kind: str, **env: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "app.probe", kind],
        check=False, env=env, cwd=Path(__file__).parents[1], capture_output=True, text=True,
    )  # fmt: skip
    return done.returncode, done.stderr


async def well() -> None:
    pass


@pytest.fixture
def readiness(db: Database, valkey: Redis) -> Readiness:
    return Readiness(db, valkey)


async def test_what_a_pulse_finds_is_what_the_probe_says(readiness: Readiness, tmp_path: Path) -> None:
    file = tmp_path / "health"

    await Pulse(str(file), readiness, well).beat()
    assert probe("worker", HEALTH_FILE=str(file)) == (0, "")

    async def deaf() -> None:
        raise TimeoutError("hears nothing")

    await Pulse(str(file), readiness, deaf).beat()
    code, told = probe("beat", HEALTH_FILE=str(file))
    assert (code, "hears nothing" in told) == (1, True)


@pytest.mark.parametrize("age", [11, -5])  # one of the machine's last boot may be of a time to come
async def test_a_pulse_that_stops_is_missed(age: int, tmp_path: Path) -> None:
    file = tmp_path / "health"
    file.write_text(f"{monotonic() - age} ok\n")

    code, told = probe("worker", HEALTH_FILE=str(file))

    assert (code, told.strip()) == (1, f"silent for {age} s")


@pytest.mark.parametrize("env", [{}, {"HEALTH_FILE": ""}, {"HEALTH_FILE": "/nowhere/at/all"}])
def test_a_process_that_has_said_nothing_is_not_well(env: dict[str, str]) -> None:
    assert probe("worker", **env)[0] == 1


async def test_a_check_that_hangs_is_no_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.health.pulse._WITHIN", 0.05)

    class Hanging:
        async def checks(self) -> None:
            await asyncio.Event().wait()

    file = tmp_path / "health"
    await Pulse(str(file), cast("Readiness", Hanging()), well).beat()

    assert "TimeoutError" in probe("worker", HEALTH_FILE=str(file))[1]


def test_the_probe_loads_next_to_nothing() -> None:
    script = "import sys, app.probe; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()

    assert not {"asyncio", "http", "json", "pathlib", "pydantic", "celery", "ssl"} & set(loaded)
