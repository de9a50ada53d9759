"""Settings: every problem at once, by name; and nothing weak where strangers are."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.settings import SiteSettings, load
from app.settings.__main__ import example
from app.settings.base import format_duration, parse_duration
from app.settings.load import GROUPS
from tests.settings.environment import GOOD, KEY, problems


def test_a_deployment_with_real_secrets_loads(environ: pytest.MonkeyPatch) -> None:
    settings = load()

    assert settings.app.is_https
    assert settings.logging.format == "json"
    assert not settings.app.serves_docs
    assert settings.valkey.broker_url.endswith("/1")


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("ENVIRONMENT", "prod", "'development', 'test', 'staging' or 'production'"),
        ("SITE_URL", "slipstream.example.org", "http or https"),
        ("SITE_URL", "https://example.org/app", "no path"),
        ("SITE_URL", "https://user:pass@example.org", "no path"),
        ("SITE_URL", "http://example.org", "must be https"),
        ("DATABASE_URL", "mysql://a:b@c/d", "postgresql://"),
        ("DATABASE_URL", "postgresql://app:changeme@db/slipstream", "placeholder"),
        ("DATABASE_URL", "postgresql://app@db/slipstream", "placeholder"),
        ("MIGRATION_DATABASE_URL", "postgresql://app:password@db/slipstream", "placeholder"),
        ("REDIS_URL", "http://valkey", "redis://"),
        ("REDIS_URL", "redis://valkey:6379/0", "placeholder"),
        ("CELERY_BROKER_URL", "redis://:secret@valkey:6379/1", "placeholder"),
        ("JWT_KEYS", "secret", "JSON Web Key Set"),
        ("JWT_KEYS", '{"keys": []}', "JSON Web Key Set"),
        ("JWT_KEYS", json.dumps({"keys": [{**KEY, "kty": "RSA"}]}), "Ed25519"),
        ("JWT_KEYS", json.dumps({"keys": [{**KEY, "x": "short"}]}), "32 bytes"),
        ("JWT_KEYS", json.dumps({"keys": [KEY, KEY]}), "of its own"),
        ("JWT_KEYS", json.dumps({"keys": [{k: v for k, v in KEY.items() if k != "d"}]}), "signs"),
        ("JWT_KEYS", json.dumps({"keys": [{**KEY, "kid": "example"}]}), "of your own"),
        ("TASK_LEASE", "soon", "duration"),
        ("TASKS_RUNNING_PER_USER", "0", "greater than or equal to 1"),
        ("WEB_PORT", "70000", "65535"),
        ("WEB_PORT", "6666", "browsers refuse"),
        ("EXTERNAL_PORT", "6666", "browsers refuse"),
        ("EXTERNAL_PORT", "10080", "browsers refuse"),
        ("HTTP_PORT", "25", "browsers refuse"),
        ("HTTPS_PORT", "989", "browsers refuse"),
        ("EXTERNAL_PORT", "0", "greater than or equal to 1"),
        ("SITE_URL", "https://example.org:6667", "browsers open"),
        ("SITE_URL", "https://example.org:99999", "1 to 65535"),
        ("API_HOST", "localhost", "IP address"),
        ("API_WORKERS", "0", "greater than or equal to 1"),
        ("BEHIND_PROXY", "nginx", "boolean"),
        ("TRUSTED_PROXIES", "10.0.0.0/8, nginx", "networks"),
        ("TRUSTED_PROXIES", "10.0.0.1/8", "networks"),
        ("TRUSTED_PROXIES", "0.0.0.0/0", "everybody"),
        ("TRUSTED_PROXIES", "::/0", "everybody"),
        ("TLS", "yes", "'off', 'acme' or 'self-signed'"),
        ("DOMAIN", "https://example.org", "host name"),
        ("DOMAIN", "192.0.2.1", "host name"),
        ("DOMAIN", "-a.example.org", "host name"),
        ("ACME_EMAIL", "me", "email"),
        ("ACME_NAMES", "www.example.org http://x", "host name"),
        ("HSTS_SECONDS", "-1", "greater than or equal to 0"),
        ("EXTERNAL_ADDRESS", "eth0", "IP address"),
        ("NGINX_REQUESTS_PER_SECOND", "0", "greater than or equal to 1"),
        ("NGINX_BURST", "many", "integer"),
        ("NGINX_CONNECTIONS", "0", "greater than or equal to 1"),
        ("POSTGRES_PASSWORD", "postgres", "placeholder"),
        ("FIRST_ACCOUNT_EMAIL", "admin", "email"),
        ("GENERATOR", "magic", "'offline' or 'openai'"),
        ("LOG_LEVEL", "loud", "'DEBUG'"),
    ],
)
def test_a_wrong_value_is_told_with_what_is_allowed(
    environ: pytest.MonkeyPatch, name: str, value: str, allowed: str
) -> None:
    environ.setenv("TLS", "off")
    environ.setenv(name, value)

    found = problems()

    assert list(found) == [name]
    assert allowed in found[name]
    assert value not in found[name] or name == "ENVIRONMENT"


@pytest.mark.parametrize("name", ["SITE_URL", "DATABASE_URL", "REDIS_URL", "JWT_KEYS"])
def test_what_a_deployment_needs_has_no_default(environ: pytest.MonkeyPatch, name: str) -> None:
    environ.setenv(name, "")

    assert "is missing" in problems()[name]


def test_a_model_without_a_key_is_refused_where_strangers_are(environ: pytest.MonkeyPatch) -> None:
    environ.setenv("GENERATOR", "openai")

    assert list(problems()) == ["OPENAI_API_KEY"]


def test_all_problems_are_told_at_once(environ: pytest.MonkeyPatch) -> None:
    for name, value in {
        "SITE_URL": "nowhere",
        "DATABASE_URL": "postgresql://a:changeme@b/c",
        "TASK_LEASE": "x",
    }.items():
        environ.setenv(name, value)
    environ.delenv("REDIS_URL")

    assert sorted(problems()) == ["DATABASE_URL", "REDIS_URL", "SITE_URL", "TASK_LEASE"]


@pytest.mark.parametrize(
    ("environment", "site", "extra"),
    [
        ("production", "http://localhost:3000", {}),
        ("staging", "http://127.0.0.1:8080", {}),
        ("production", "http://[::1]:8080", {}),
        ("production", "http://intranet", {"ALLOW_INSECURE_HTTP": "1"}),
        ("development", "http://intranet:3000", {}),
    ],
)
def test_plain_http_is_for_development_this_machine_and_those_who_insist(
    environ: pytest.MonkeyPatch, environment: str, site: str, extra: dict[str, str]
) -> None:
    for name, value in {"ENVIRONMENT": environment, "SITE_URL": site, **extra}.items():
        environ.setenv(name, value)

    assert load().app.site_url == site


def test_development_needs_neither_a_site_nor_real_secrets(environ: pytest.MonkeyPatch) -> None:
    for name, value in {
        "ENVIRONMENT": "development",
        "SITE_URL": "",
        "WEB_PORT": "3456",
        "DATABASE_URL": "postgresql://app:password@localhost/slipstream",
    }.items():
        environ.setenv(name, value)

    settings = load()

    assert settings.app.site_url == "http://localhost:3456"
    assert settings.logging.format == "console"


@pytest.mark.parametrize(
    ("environment", "origin", "accepted"),
    [
        ("development", "http://localhost:3000", True),
        ("development", "http://127.0.0.1:3000", True),
        ("development", "http://[::1]:3000", True),
        ("development", "http://app.localhost:3000", True),
        ("development", "http://localhost:3001", False),
        ("development", "https://localhost:3000", False),
        ("development", "http://localhost.evil.org:3000", False),
        ("development", "http://evil.org:3000", False),
        ("development", "null", False),
        ("test", "http://127.0.0.1:3000", False),
        ("test", "http://localhost:3000", True),
    ],
)
def test_only_development_accepts_other_names_of_this_machine(
    environ: pytest.MonkeyPatch, environment: str, origin: str, *, accepted: bool
) -> None:
    environ.setenv("ENVIRONMENT", environment)
    environ.setenv("SITE_URL", "http://localhost:3000")

    assert SiteSettings().accepts_origin(origin) is accepted


@pytest.mark.parametrize(
    ("text", "seconds"), [("8", 8), ("2.5", 2.5), ("8s", 8), ("500ms", 0.5), ("5m", 300), ("1h", 3_600), ("1d", 86_400)]
)
def test_durations_are_read_and_written(text: str, seconds: float) -> None:
    duration = parse_duration(text)

    assert duration == timedelta(seconds=seconds)
    assert parse_duration(format_duration(duration)) == duration


def test_the_example_is_what_the_classes_say() -> None:
    committed = Path(__file__).parents[3] / ".env.example"

    assert committed.read_text() == example()


def test_the_example_has_every_variable() -> None:
    text = example()

    for group in GROUPS:
        for field in group.model_fields:
            assert f"# {group.variable(field)}=" in text


def test_check_fails_with_the_names() -> None:
    def check(environ: dict[str, str]) -> Any:
        command = [sys.executable, "-m", "app.settings", "check"]
        return subprocess.run(
            command, check=False, env=environ, cwd=Path(__file__).parents[2], capture_output=True, text=True
        )

    good, bad = check(GOOD), check({**GOOD, "TASK_LEASE": "x"})

    assert (good.returncode, bad.returncode) == (0, 1)
    assert "TASK_LEASE: must be a duration" in bad.stderr
