"""Signing in."""

from datetime import timedelta

from pydantic import EmailStr, Field, SecretStr, field_validator

from app.settings.base import Duration, Group, parse_duration
from app.settings.keys import parse_key_ring


class AuthSettings(Group):
    """Accounts and sessions."""

    jwt_keys: SecretStr = Field(
        description='The key ring, a JWK set: {"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": …, "x": …, "d": …}]}. '
        "The first with d signs, all verify. Development: generated once."
    )
    secret_key: SecretStr = Field(
        min_length=32,
        description="Keys the hashes of refresh tokens, API keys and one-time links, at least 32 characters. With "
        "another one all of these are void. Development: generated once.",
    )
    access_token_ttl: Duration = Field(
        parse_duration("5m"), gt=timedelta(), description="How long an access token is good."
    )
    refresh_token_ttl: Duration = Field(
        parse_duration("14d"), gt=timedelta(), description="How long a session lasts that is not used."
    )
    session_max_age: Duration = Field(
        parse_duration("90d"), gt=timedelta(), description="How long a session lasts at most, however much it is used."
    )
    refresh_grace: Duration = Field(
        parse_duration("10s"),
        ge=timedelta(),
        description="How long a refresh token is still good after its successor was used: for tabs that ask at once.",
    )
    password_hashes_at_once: int = Field(
        2, ge=1, le=64, description="Passwords hashed at the same time in a process; each takes a core and 64 MiB."
    )
    # RFC 9106, section 4, the second recommended choice: 3 passes over 64 MiB in 4 lanes. More is welcome, less isn't.
    password_hash_passes: int = Field(3, ge=3, le=100, description="Passes of argon2id over its memory; 3 at least.")
    password_hash_memory: int = Field(
        67_108_864, ge=67_108_864, le=4_294_967_296, description="Bytes of memory of a password hash; 64 MiB at least."
    )
    demo_email: EmailStr = Field("demo@example.com", description="The demo user of development.")
    demo_password: SecretStr = Field(
        SecretStr("slip into the stream"), description="The demo user's password; there is none outside development."
    )
    first_account_email: EmailStr = Field(
        "admin@example.com", description="Who gets the first account, with a generated password, where there is none."
    )

    @field_validator("jwt_keys")
    @classmethod
    def _is_key_ring(cls, value: SecretStr) -> SecretStr:
        parse_key_ring(value.get_secret_value())
        return value
