"""What every group of settings shares: durations, placeholders, and problems told by the variable's name."""

import re
from datetime import timedelta
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from app.settings.files import read

_UNITS = {"ms": 0.001, "": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|)")
_PLACEHOLDER = re.compile(
    r"change.?(me|this|it)|placeholder|example|insecure|^(secret|password|passw0rd|postgres|admin|test|todo|x+|\.+)$|[<>]",
    re.IGNORECASE,
)
_SHORTEST_KEY = 32
_FEWEST_SIGNS = 8


class Problem(NamedTuple):
    """What is wrong with one variable, and what is allowed."""

    variable: str
    message: str

    def __str__(self) -> str:
        return f"{self.variable}: {self.message}"


class SettingsError(Exception):
    """The environment can't be used; all its problems at once."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(["The settings have problems:", *(f"  {problem}" for problem in problems)]))
        self.problems = problems


class Group(BaseSettings):
    """One concern's settings. A variable's name is the prefix and the field's name, unless it has an alias."""

    # an empty variable is a missing one: compose files and shells can't tell them apart
    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True, extra="ignore", hide_input_in_errors=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _Files(cls)

    @classmethod
    def variable(cls, field: str) -> str:
        """The name of the environment variable behind a field."""
        alias = cls.model_fields[field].validation_alias
        return alias if isinstance(alias, str) else f"{cls.model_config.get('env_prefix', '')}{field}".upper()

    @classmethod
    def described(cls, variable: str) -> str:
        """The description of the field behind an environment variable."""
        fields = cls.model_fields.items()
        return next((field.description or "" for name, field in fields if cls.variable(name) == variable), "")


class _Files(PydanticBaseSettingsSource):
    """The values of variables that name a file; what is wrong with a file is told by `load`."""

    def __init__(self, group: type[Group]) -> None:
        super().__init__(group)
        self._group = group

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        try:
            value = read(self._group.variable(field_name))
        except ValueError:
            value = None
        return value, field.validation_alias if isinstance(field.validation_alias, str) else field_name, False

    def __call__(self) -> dict[str, Any]:
        found = (self.get_field_value(field, name) for name, field in self._group.model_fields.items())
        return {key: value for value, key, _ in found if value is not None}


def parse_duration(text: str) -> timedelta:
    """Reads `8`, `8s`, `500ms`, `5m`, `1h` or `1d`; a plain number is seconds. Raises ValueError."""
    found = _DURATION.fullmatch(text.strip())
    if not found:
        raise ValueError("must be a duration: seconds, or a number with ms, s, m, h or d")
    return timedelta(seconds=float(found[1]) * _UNITS[found[2]])


def format_duration(value: timedelta) -> str:
    """The shortest way to write a duration that `parse_duration` reads."""
    seconds = value.total_seconds()
    for unit in ("d", "h", "m", "s"):
        if seconds and seconds % _UNITS[unit] == 0:
            return f"{seconds / _UNITS[unit]:.0f}{unit}"
    return f"{seconds * 1_000:.0f}ms"


def is_placeholder(secret: str) -> bool:
    """Whether somebody still has to put a secret here."""
    return not secret.strip() or bool(_PLACEHOLDER.search(secret.strip()))


def is_weak(key: str) -> bool:
    """Whether a key is set, but to something that can be guessed."""
    return bool(key) and (len(key) < _SHORTEST_KEY or len(set(key)) < _FEWEST_SIGNS or is_placeholder(key))


def _duration(value: object) -> object:
    return parse_duration(str(value)) if isinstance(value, str | int | float) else value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
