"""The two stores: Postgres, which is the truth, and Valkey, which is the log and the doorbell."""

from typing import Annotated, Self
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from app.settings.base import Duration, Group, parse_duration


def _database_url(value: SecretStr) -> SecretStr:
    parts = urlsplit(value.get_secret_value())
    if parts.scheme not in {"postgresql", "postgres"} or not parts.hostname or not parts.path.strip("/"):
        message = "must be postgresql://user:password@host:port/database"
        raise ValueError(message)
    return SecretStr(parts._replace(scheme="postgresql").geturl())


def _redis_url(value: SecretStr) -> SecretStr:
    parts = urlsplit(value.get_secret_value())
    if parts.scheme not in {"redis", "rediss", "unix"} or not (parts.hostname or parts.path):
        message = "must be redis://:password@host:port/0 (rediss:// for TLS)"
        raise ValueError(message)
    return value


def _with_password(url: SecretStr, password: SecretStr | None) -> SecretStr:
    """The URL with the password, unless it has one."""
    parts = urlsplit(url.get_secret_value())
    if password is None or parts.password:
        return url
    user, at, host = parts.netloc.rpartition("@")
    secret = quote(password.get_secret_value(), safe="")
    return SecretStr(parts._replace(netloc=f"{user.rstrip(':') if at else ''}:{secret}@{host}").geturl())


DatabaseUrl = Annotated[SecretStr, AfterValidator(_database_url)]
RedisUrl = Annotated[SecretStr, AfterValidator(_redis_url)]


class DatabaseSettings(Group):
    """Postgres."""

    model_config = SettingsConfigDict(env_prefix="DATABASE_")

    url: DatabaseUrl = Field(
        description="The role of the API and the worker, which reads and writes rows and changes no table. "
        "Development: an embedded Postgres."
    )
    migration_url: DatabaseUrl | None = Field(
        None,
        validation_alias="MIGRATION_DATABASE_URL",
        description="The role that owns the tables and runs migrations; empty: DATABASE_URL.",
    )
    password: SecretStr | None = Field(None, description="The password of DATABASE_URL, where that has none.")
    migration_password: SecretStr | None = Field(
        None,
        validation_alias="MIGRATION_DATABASE_PASSWORD",
        description="The password of MIGRATION_DATABASE_URL, where that has none.",
    )
    pool_size: int = Field(20, ge=1, le=1_000, description="Connections that each process keeps.")
    # none: each would be opened for one request and closed after it, which costs more than the request
    pool_overflow: int = Field(
        0, ge=0, le=1_000, description="Connections a process may open beyond these for a peak, and close again."
    )
    pool_timeout: Duration = Field(parse_duration("5s"), description="How long a request waits for a connection.")
    lock_timeout: Duration = Field(parse_duration("2s"), description="How long a statement waits for a lock.")
    idle_timeout: Duration = Field(
        parse_duration("5s"), description="When Postgres ends a transaction in which nothing happens."
    )
    statement_timeout: Duration = Field(parse_duration("15s"), description="When Postgres ends a statement.")

    @model_validator(mode="after")
    def _fill_in(self) -> Self:
        object.__setattr__(self, "url", _with_password(self.url, self.password))
        if self.migration_url:
            object.__setattr__(self, "migration_url", _with_password(self.migration_url, self.migration_password))
        return self

    @property
    def owner_url(self) -> str:
        """Where migrations go."""
        return (self.migration_url or self.url).get_secret_value()


class ValkeySettings(Group):
    """Valkey, or Redis."""

    model_config = SettingsConfigDict(env_prefix="REDIS_")

    redis_url: RedisUrl = Field(
        validation_alias="REDIS_URL", description="The event log and wake-ups. Development: an embedded Valkey."
    )
    celery_broker_url: RedisUrl | None = Field(
        None, validation_alias="CELERY_BROKER_URL", description="The doorbell; empty: database 1 of REDIS_URL."
    )
    password: SecretStr | None = Field(
        None, description="The password of REDIS_URL and CELERY_BROKER_URL, where they have none."
    )

    @model_validator(mode="after")
    def _fill_in(self) -> Self:
        object.__setattr__(self, "redis_url", _with_password(self.redis_url, self.password))
        if self.celery_broker_url:
            object.__setattr__(self, "celery_broker_url", _with_password(self.celery_broker_url, self.password))
        return self

    @property
    def url(self) -> str:
        return self.redis_url.get_secret_value()

    @property
    def broker_url(self) -> str:
        if self.celery_broker_url:
            return self.celery_broker_url.get_secret_value()
        parts = urlsplit(self.url)
        return self.url if parts.scheme == "unix" else parts._replace(path="/1").geturl()
