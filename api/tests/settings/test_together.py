"""What variables need of each other, and what is refused where strangers are."""

import pytest

from app.settings import load
from tests.settings.environment import problems


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"TLS": "acme"}, {"DOMAIN", "ACME_EMAIL"}),
        ({"DOMAIN": "example.org"}, {"ACME_EMAIL"}),
        ({"TLS": "self-signed", "SITE_URL": "http://localhost:8080"}, {"SITE_URL"}),
        ({"TLS": "self-signed", "HTTP_PORT": "8443", "HTTPS_PORT": "8443"}, {"HTTPS_PORT"}),
        ({"ENVIRONMENT": "development", "WEB_PORT": "8000"}, {"API_PORT"}),
        ({"TLS": "acme", "NGINX_BURST": "x", "POSTGRES_PASSWORD": "changeme"},
         {"DOMAIN", "ACME_EMAIL", "NGINX_BURST", "POSTGRES_PASSWORD"}),
    ],
)  # fmt: skip
def test_what_variables_need_of_each_other_is_told_with_everything_else(
    environ: pytest.MonkeyPatch, given: dict[str, str], expected: set[str]
) -> None:
    for name, value in given.items():
        environ.setenv(name, value)

    assert set(problems()) == expected


@pytest.mark.parametrize(
    "given",
    [
        {"TLS": "off", "DOMAIN": "example.org"},
        {"TLS": "self-signed"},
        {"DOMAIN": "Slip.Example.org", "ACME_EMAIL": "me@example.org", "TRUSTED_PROXIES": "10.0.0.0/8,2001:db8::/32"},
        {"EXTERNAL_PORT": "80", "HTTP_PORT": "8081", "TRUSTED_PROXIES": "192.0.2.7", "API_HOST": "::"},
        {"API_PORT": "3000"},  # where web and API have a machine each
    ],
)
def test_a_stack_of_containers_may_be_set_so(environ: pytest.MonkeyPatch, given: dict[str, str]) -> None:
    for name, value in given.items():
        environ.setenv(name, value)

    load()


def test_a_placeholder_is_told_by_where_it_stands(environ: pytest.MonkeyPatch) -> None:
    for name, value in {
        "DATABASE_URL": "postgresql://app@db/slipstream",
        "DATABASE_PASSWORD": "changeme",
        "REDIS_URL": "redis://:changeme@valkey/0",
        "DATABASE_POOL_SIZE": "none",
    }.items():
        environ.setenv(name, value)

    assert set(problems()) == {"DATABASE_PASSWORD", "REDIS_URL", "DATABASE_POOL_SIZE"}
