"""A provider is on when it is configured, wholly."""

import pytest

from app.settings import load
from tests.settings.environment import problems

WHOLE = {
    "GITHUB_CLIENT_ID": "Iv1.0f2c",
    "GITHUB_CLIENT_SECRET": "0f2c60a9d3e06a4f71e2b8c07",
    "OIDC_ISSUER": "https://login.company.org/realms/staff",
    "OIDC_CLIENT_ID": "slipstream",
    "OIDC_CLIENT_SECRET": "c5d21f08ab03d1a9c47e5b04",
    "OIDC_NAME": "The company",
}


def test_without_any_setting_none_is_offered(environ: pytest.MonkeyPatch) -> None:
    assert load().identities.offered == ()


def test_those_that_are_configured_are_offered_by_name(environ: pytest.MonkeyPatch) -> None:
    for name, value in WHOLE.items():
        environ.setenv(name, value)

    assert load().identities.offered == (("oidc", "The company"), ("github", "GitHub"))


@pytest.mark.parametrize("missing", [name for name in WHOLE if name != "OIDC_NAME"])
def test_half_a_provider_is_a_problem(environ: pytest.MonkeyPatch, missing: str) -> None:
    for name, value in WHOLE.items():
        environ.setenv(name, value)
    environ.delenv(missing)

    found = problems()

    assert list(found) == [missing]
    assert "is missing" in found[missing]


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("OIDC_ISSUER", "login.company.org", "issuer's address"),
        ("OIDC_ISSUER", "https://login.company.org/?realm=staff", "issuer's address"),
        ("OIDC_ISSUER", "https://me@login.company.org", "issuer's address"),
        ("OIDC_ISSUER", "http://login.company.org", "must be https"),
        ("OIDC_CLIENT_SECRET", "changeme", "placeholder"),
        ("GITHUB_CLIENT_SECRET", "<yours>", "placeholder"),
        ("OIDC_NAME", "x" * 41, "at most 40"),
    ],
)
def test_a_wrong_value_is_told_with_what_is_allowed(
    environ: pytest.MonkeyPatch, name: str, value: str, allowed: str
) -> None:
    for variable, whole in WHOLE.items():
        environ.setenv(variable, whole)
    environ.setenv(name, value)

    found = problems()

    assert list(found) == [name]
    assert allowed in found[name]
    assert value not in found[name]


@pytest.mark.parametrize("issuer", ["http://localhost:9000", "http://127.0.0.1:9000/realm", "http://[::1]:9000"])
def test_a_provider_on_this_machine_needs_no_https(environ: pytest.MonkeyPatch, issuer: str) -> None:
    for name, value in {**WHOLE, "OIDC_ISSUER": issuer}.items():
        environ.setenv(name, value)

    assert load().identities.oidc_issuer == issuer
