"""Reads all groups at once, so that every problem is told in one go."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from pydantic import ValidationError

from app.settings import files
from app.settings.accounts import AuthSettings
from app.settings.base import Group, Problem, SettingsError
from app.settings.containers import ContainerSettings
from app.settings.design import DesignSettings
from app.settings.generation import GeneratorSettings
from app.settings.identities import IdentitySettings
from app.settings.limits import LimitSettings
from app.settings.mail import MailSettings
from app.settings.processes import ProcessSettings
from app.settings.retention import RetentionSettings
from app.settings.site import LoggingSettings, PortSettings, SiteSettings
from app.settings.stores import DatabaseSettings, ValkeySettings
from app.settings.together import together
from app.settings.work import StreamSettings, TaskSettings

GROUPS: tuple[type[Group], ...] = (
    SiteSettings,
    PortSettings,
    ProcessSettings,
    DatabaseSettings,
    ValkeySettings,
    AuthSettings,
    IdentitySettings,
    MailSettings,
    LimitSettings,
    RetentionSettings,
    TaskSettings,
    StreamSettings,
    DesignSettings,
    GeneratorSettings,
    LoggingSettings,
    ContainerSettings,
)

G = TypeVar("G", bound=Group)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set."""

    app: SiteSettings
    ports: PortSettings
    processes: ProcessSettings
    database: DatabaseSettings
    valkey: ValkeySettings
    auth: AuthSettings
    identities: IdentitySettings
    mail: MailSettings
    limits: LimitSettings
    retention: RetentionSettings
    tasks: TaskSettings
    streams: StreamSettings
    design: DesignSettings
    generator: GeneratorSettings
    logging: LoggingSettings

    @property
    def sends_mail(self) -> bool:
        """Whether mails arrive somewhere: in development a page shows them."""
        return self.mail.smtp_url is not None or self.keeps_mail

    @property
    def keeps_mail(self) -> bool:
        """Whether mails are kept for a page, instead of being sent."""
        return self.app.is_development and self.mail.smtp_url is None


@cache
def get_settings() -> Settings:
    """The settings of this process."""
    return load()


def load() -> Settings:
    """Reads the environment. Raises SettingsError with every problem in it."""
    problems: list[Problem] = []
    groups: dict[type[Group], Group] = {}
    for kind in GROUPS:
        group, wrong = _read(kind)
        problems.extend(wrong)
        if group:
            groups[kind] = group
    if isinstance(site := groups.get(SiteSettings), SiteSettings):
        problems.extend(_insecure(site))
    if isinstance(identities := groups.get(IdentitySettings), IdentitySettings):
        problems.extend(identities.half())
    told = {problem.variable for problem in problems}
    problems.extend(problem for problem in together() if problem.variable not in told)
    if problems:
        raise SettingsError(sorted(set(problems)))
    return _assemble(groups)


def load_group(kind: type[G]) -> G:
    """One group's settings, for a program that needs no other. Raises SettingsError with every problem in it."""
    group, problems = _read(kind)
    if group is None or problems:
        raise SettingsError(sorted(set(problems)))
    return group


def _read(kind: type[G]) -> tuple[G | None, list[Problem]]:
    group, problems = None, list(_of_files(kind))
    told = {problem.variable.removesuffix("_FILE") for problem in problems}
    try:
        group = kind()
    except ValidationError as error:
        problems.extend(problem for problem in _problems(kind, error) if problem.variable not in told)
    return group, problems


def _of_files(kind: type[Group]) -> Iterator[Problem]:
    for name in kind.model_fields:
        variable = kind.variable(name)
        try:
            files.read(variable)
        except ValueError as error:
            yield Problem(f"{variable}_FILE", str(error))


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
        identities=groups[IdentitySettings],
        mail=groups[MailSettings],
        limits=_limits(groups[LimitSettings], site),
        retention=groups[RetentionSettings],
        tasks=groups[TaskSettings],
        streams=groups[StreamSettings],
        design=groups[DesignSettings],
        generator=groups[GeneratorSettings],
        logging=logging.model_copy(update={"format": logging.format or ("console" if site.is_development else "json")}),
    )


def _limits(limits: LimitSettings, site: SiteSettings) -> LimitSettings:
    """In development one address makes account after account."""
    rate = limits.registrations
    if rate is None or "registrations" in limits.model_fields_set or not site.is_development:
        return limits
    return limits.model_copy(update={"registrations": rate._replace(amount=10 * rate.amount)})


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
    if site.is_insecure and not (site.is_development or site.allow_insecure_http):
        yield Problem(
            "SITE_URL",
            "must be https outside development, unless its host is this machine (ALLOW_INSECURE_HTTP=1 allows it)",
        )
