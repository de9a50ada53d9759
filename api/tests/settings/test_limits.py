"""Limits and retention, as the environment says them."""

from datetime import timedelta

import pytest

from app.settings import load
from app.settings.limits import Rate
from tests.settings.environment import problems


@pytest.mark.parametrize(
    ("value", "rate"),
    [
        ("10/5m", Rate(10, timedelta(minutes=5))),
        (" 10 / 5m ", Rate(10, timedelta(minutes=5))),
        ("1/1s", Rate(1, timedelta(seconds=1))),
        ("9999/1d", Rate(9_999, timedelta(days=1))),
        ("7/90", Rate(7, timedelta(seconds=90))),
        ("off", None),
        ("OFF", None),
    ],
)
def test_a_limit_is_a_number_and_a_period(environ: pytest.MonkeyPatch, value: str, rate: Rate | None) -> None:
    environ.setenv("LIMIT_TASKS", value)

    assert load().limits.tasks == rate


@pytest.mark.parametrize(
    "value", ["10", "0/1m", "-1/1m", "10/", "10/0s", "10/2d", "10/1.5s", "10/500ms", "ten/1m", "[10, 1]"]
)
def test_anything_else_is_refused(environ: pytest.MonkeyPatch, value: str) -> None:
    environ.setenv("LIMIT_TASKS", value)

    assert set(problems()) == {"LIMIT_TASKS"}


def test_a_rate_is_written_as_it_is_read() -> None:
    assert str(Rate(10, timedelta(minutes=5))) == "10/5m"


@pytest.mark.parametrize(
    ("environment", "given", "amount"),
    [("production", "", 60), ("development", "", 600), ("development", "7/1h", 7), ("test", "", 60)],
)
def test_in_development_one_address_makes_ten_times_the_accounts(
    environ: pytest.MonkeyPatch, environment: str, given: str, amount: int
) -> None:
    environ.setenv("ENVIRONMENT", environment)
    environ.setenv("LIMIT_REGISTRATIONS", given)

    assert load().limits.registrations == Rate(amount, timedelta(hours=1))


@pytest.mark.parametrize(("value", "kept"), [("", None), ("off", None), ("30d", timedelta(days=30))])
def test_finished_tasks_are_kept_unless_somebody_says_how_long(
    environ: pytest.MonkeyPatch, value: str, kept: timedelta | None
) -> None:
    environ.setenv("RETENTION_TASKS", value)

    assert load().retention.tasks == kept


@pytest.mark.parametrize("value", ["0", "59m", "soon", "-1d"])
def test_a_task_that_may_still_be_watched_is_not_deleted(environ: pytest.MonkeyPatch, value: str) -> None:
    environ.setenv("RETENTION_TASKS", value)

    assert set(problems()) == {"RETENTION_TASKS"}
