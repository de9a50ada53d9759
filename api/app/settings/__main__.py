"""`python -m app.settings example` prints .env.example; `check` tells every problem of the present environment."""

import sys
from collections.abc import Iterator
from datetime import timedelta
from textwrap import wrap
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from app.settings.base import Group, SettingsError, format_duration
from app.settings.load import GROUPS, load

_WIDTH = 110
_HEAD = """\
# Every setting, with its default. Generated from the settings' classes by `python -m app.settings example`.
# Development needs none of them: copy the lines that you change to .env. What the environment has wins over .env.
# Durations are seconds, or a number with ms, s, m, h or d.
"""


def example() -> str:
    """The text of .env.example."""
    return "\n".join([_HEAD, *("\n".join(_section(group)) for group in GROUPS)])


def _section(group: type[Group]) -> Iterator[str]:
    yield f"# --- {(group.__doc__ or '').strip()}"
    for name, field in group.model_fields.items():
        if not field.exclude:
            yield from wrap(field.description or "", _WIDTH, initial_indent="# ", subsequent_indent="# ")
            yield f"# {group.variable(name)}={_default(field)}"
    yield ""


def _default(field: FieldInfo) -> str:
    value: Any = None if field.is_required() else field.default
    match value:
        case None:
            return ""
        case bool():
            return str(int(value))
        case timedelta():
            return format_duration(value)
        case SecretStr():
            return value.get_secret_value()
    return str(value)


def main(command: str) -> int:
    if command == "example":
        sys.stdout.write(example())
        return 0
    try:
        load()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("The settings are well.\n")
    return 0


if __name__ == "__main__":
    if sys.argv[1:] not in (["example"], ["check"]):
        sys.exit("usage: python -m app.settings example|check")
    sys.exit(main(sys.argv[1]))
