"""The designs' settings: a deadline that can't be taken away, and a key that can't be guessed."""

from datetime import timedelta

import pytest

from app.settings import DesignSettings, SettingsError, load
from tests.design.reading import KEY


def problem_of(variable: str) -> str | None:
    try:
        load()
    except SettingsError as error:
        return {problem.variable: problem.message for problem in error.problems}.get(variable)
    return None


@pytest.mark.parametrize("value", ["6s", "0s", "1h"])
def test_the_first_token_is_never_waited_for_longer_than_five_seconds(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("DESIGN_FIRST_TOKEN", value)

    assert problem_of("DESIGN_FIRST_TOKEN")


def test_it_is_waited_for_that_long_by_default() -> None:
    assert DesignSettings().first_token == timedelta(seconds=5)


@pytest.mark.parametrize(
    "key", ["short", KEY[:31], "changeme-changeme-changeme-changeme", "a" * 64, "<a secret of 32 characters or more>"]
)
def test_where_strangers_are_a_weak_key_is_refused(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("STREAMING_PROXY_KEY", key)
    monkeypatch.setenv("ENVIRONMENT", "production")

    found = problem_of("STREAMING_PROXY_KEY")

    assert found
    assert key not in found


@pytest.mark.parametrize(("environment", "key"), [("production", KEY), ("production", ""), ("development", "short")])
def test_another_key_is_not(monkeypatch: pytest.MonkeyPatch, environment: str, key: str) -> None:
    monkeypatch.setenv("STREAMING_PROXY_KEY", key)
    monkeypatch.setenv("ENVIRONMENT", environment)

    assert problem_of("STREAMING_PROXY_KEY") is None


@pytest.mark.parametrize("key", ["with a space", "umläut", "line\nbreak"])
def test_what_no_header_can_carry_is_refused(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("STREAMING_PROXY_KEY", key)

    assert problem_of("STREAMING_PROXY_KEY")


def test_an_empty_key_accepts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMING_PROXY_KEY", "")

    settings = DesignSettings()

    assert not any(settings.accepts_key(given) for given in (None, "", "None", KEY))
