"""Reads all groups at once, so that every problem is told in one go."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError

from app.settings.accounts import AuthSettings
from app.settings.base import Group, Problem, SettingsError, is_placeholder
from app.settings.design import DesignSettings
from app.settings.generation import GeneratorSettings
from app.settings.keys import parse_key_ring
from app.settings.processes import ProcessSettings
from app.settings.site import LoggingSettings, PortSettings, SiteSettings, is_loopback
from app.settings.stores import DatabaseSettings, ValkeySettings
from app.settings.work import StreamSettings, TaskSettings

GROUPS: tuple[type[Group], ...] = (
    SiteSettings,
    PortSettings,
    ProcessSettings,
    DatabaseSettings,
    ValkeySettings,
    AuthSettings,
    TaskSettings,
    StreamSettings,
    DesignSettings,
    GeneratorSettings,
    LoggingSettings,
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set."""

    app: SiteSettings
    ports: PortSettings
    processes: ProcessSettings
    database: DatabaseSettings
    valkey: ValkeySettings
    auth: AuthSettings
    tasks: TaskSettings
    streams: StreamSettings
    design: DesignSettings
    generator: GeneratorSettings
    logging: LoggingSettings


@cache
def get_settings() -> Settings:
    """The settings of this process."""
    return load()


def load() -> Settings:
    """Reads the environment. Raises SettingsError with every problem in it."""
    problems: list[Problem] = []
    groups: dict[type[Group], Group] = {}
    for group in GROUPS:
        try:
            groups[group] = group()
        except ValidationError as error:
            problems.extend(_problems(group, error))

    if isinstance(site := groups.get(SiteSettings), SiteSettings):
        problems.extend(_insecure(site))
    if os.environ.get("ENVIRONMENT") not in {None, "", "development", "test"}:  # whatever else is wrong with the site
        problems.extend(problem for group in groups.values() for problem in _placeholders(group))
    if problems:
        raise SettingsError(sorted(set(problems)))
    return _assemble(groups)


def _assemble(groups: dict[type[Group], Any]) -> Settings:
    site: SiteSettings = groups[SiteSettings]
    logging: LoggingSettings = groups[LoggingSettings]
    return Settings(
        app=site,
        ports=groups[PortSettings],
        processes=groups[ProcessSettings],
        database=groups[DatabaseSettings],
        valkey=groups[ValkeySettings],
        auth=groups[AuthSettings],
        tasks=groups[TaskSettings],
        streams=groups[StreamSettings],
        design=groups[DesignSettings],
        generator=groups[GeneratorSettings],
        logging=logging.model_copy(update={"format": logging.format or ("console" if site.is_development else "json")}),
    )


def _problems(group: type[Group], error: ValidationError) -> Iterator[Problem]:
    for found in error.errors(include_url=False, include_input=False):
        name = str(found["loc"][0]) if found["loc"] else ""
        variable = group.variable(name) if name in group.model_fields else name.upper()
        if found["type"] == "missing":
            message = f"is missing. {group.described(variable)}"
        else:
            message = found["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
        yield Problem(variable, message)


def _insecure(site: SiteSettings) -> Iterator[Problem]:
    host = urlsplit(site.site_url).hostname or ""
    if not (site.is_development or site.is_https or site.allow_insecure_http or is_loopback(host)):
        yield Problem(
            "SITE_URL",
            "must be https outside development, unless its host is this machine (ALLOW_INSECURE_HTTP=1 allows it)",
        )


def _placeholders(group: Group) -> Iterator[Problem]:
    """Secrets that nobody has set, in a place that strangers can reach."""
    match group:
        case DatabaseSettings():
            yield from _weak(DATABASE_URL=group.url, MIGRATION_DATABASE_URL=group.migration_url)
        case ValkeySettings():
            yield from _weak(REDIS_URL=group.redis_url, CELERY_BROKER_URL=group.celery_broker_url)
        case AuthSettings():
            if any(is_placeholder(key["kid"]) for key in parse_key_ring(group.jwt_keys.get_secret_value())):
                yield Problem("JWT_KEYS", "must hold keys of your own, not the ones of an example")
        case DesignSettings(has_weak_key=True):
            yield Problem("STREAMING_PROXY_KEY", "must be a random secret of at least 32 characters")
        case GeneratorSettings(generator="openai", openai_api_key=key):
            if key is None or is_placeholder(key.get_secret_value()):
                yield Problem("OPENAI_API_KEY", "must be the key of the endpoint where GENERATOR is openai")


def _weak(**urls: SecretStr | None) -> Iterator[Problem]:
    for variable, url in urls.items():
        if url and is_placeholder(urlsplit(url.get_secret_value()).password or ""):
            yield Problem(variable, "must have a password that is no placeholder")
