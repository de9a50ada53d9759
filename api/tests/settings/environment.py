"""The environment of a deployment, and what is wrong with the present one."""

import json

import pytest

from app.settings import SettingsError, load

KEY = {"kty": "OKP", "crv": "Ed25519", "kid": "k1", "x": "A" * 43, "d": "B" * 43}
GOOD = {
    "ENVIRONMENT": "production",
    "SITE_URL": "https://slipstream.example.org",
    "DATABASE_URL": "postgresql://app:v3ry-l0ng-and-random@db:5432/slipstream",
    "MIGRATION_DATABASE_URL": "postgresql://owner:v3ry-l0ng-and-random@db:5432/slipstream",
    "REDIS_URL": "redis://:v3ry-l0ng-and-random@valkey:6379/0",
    "JWT_KEYS": json.dumps({"keys": [KEY]}),
    "SECRET_KEY": "Zm9yIGtleWVkIGhhc2hlcyBvZiB0ZXN0cyBvbmx5",
}


def problems() -> dict[str, str]:
    with pytest.raises(SettingsError) as caught:
        load()
    return {problem.variable: problem.message for problem in caught.value.problems}
