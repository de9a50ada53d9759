"""Secrets as files, and passwords apart from their addresses."""

from pathlib import Path

import pytest

from app.settings import load
from tests.settings.environment import GOOD, problems


def test_a_secret_may_be_a_file(environ: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("JWT_KEYS", "DATABASE_URL", "REDIS_URL"):
        (tmp_path / name).write_text(f"{GOOD[name]}\n")
        environ.delenv(name)
        environ.setenv(f"{name}_FILE", str(tmp_path / name))

    settings = load()

    assert settings.auth.jwt_keys.get_secret_value() == GOOD["JWT_KEYS"]
    assert settings.database.url.get_secret_value() == GOOD["DATABASE_URL"]
    assert settings.valkey.url == GOOD["REDIS_URL"]


def test_what_is_wrong_with_a_file_is_told_by_its_variable(environ: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    (tmp_path / "wrong").write_text("soon")
    environ.delenv("REDIS_URL")
    environ.delenv("JWT_KEYS")
    for name, file in {
        "DATABASE_URL": "empty",
        "REDIS_URL": "nowhere",
        "JWT_KEYS": "empty",
        "OPENAI_API_KEY": "binary",
        "TASK_LEASE": "wrong",
    }.items():
        environ.setenv(f"{name}_FILE", str(tmp_path / file))

    found = problems()

    assert "together with DATABASE_URL" in found.pop("DATABASE_URL_FILE")
    assert "No such file" in found.pop("REDIS_URL_FILE")
    assert "is empty" in found.pop("JWT_KEYS_FILE")
    assert "text" in found.pop("OPENAI_API_KEY_FILE")
    assert "duration" in found.pop("TASK_LEASE")
    assert not found


def test_a_password_may_be_apart_from_its_address(environ: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("p@ss/w:rd#1 long")
    for name, value in {
        "DATABASE_URL": "postgresql://app@db:5432/slipstream",
        "MIGRATION_DATABASE_URL": "postgresql://owner:its-0wn-p4ss@db/slipstream",
        "MIGRATION_DATABASE_PASSWORD": "not-this-one-h3re",
        "REDIS_URL": "redis://valkey:6379/0",
        "CELERY_BROKER_URL": "rediss://user@valkey/1",
        "DATABASE_PASSWORD_FILE": str(tmp_path / "password"),
        "REDIS_PASSWORD_FILE": str(tmp_path / "password"),
    }.items():
        environ.setenv(name, value)

    settings = load()

    quoted = "p%40ss%2Fw%3Ard%231%20long"
    assert settings.database.url.get_secret_value() == f"postgresql://app:{quoted}@db:5432/slipstream"
    assert settings.database.owner_url == "postgresql://owner:its-0wn-p4ss@db/slipstream"
    assert settings.valkey.url == f"redis://:{quoted}@valkey:6379/0"
    assert settings.valkey.broker_url == f"rediss://user:{quoted}@valkey/1"
