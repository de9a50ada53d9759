"""How often somebody may do what costs something, or what could be a guess."""

import re
from datetime import timedelta
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, Field
from pydantic_settings import NoDecode, SettingsConfigDict

from app.settings.base import Group, format_duration, parse_duration

_RATE = re.compile(r"([1-9]\d{0,3})\s*/\s*(\S+)")
_LONGEST = timedelta(days=1)


class Rate(NamedTuple):
    """So many in a period, wherever that begins."""

    amount: int
    period: timedelta

    def __str__(self) -> str:
        return f"{self.amount}/{format_duration(self.period)}"


def parse_rate(text: str) -> Rate | None:
    """Reads `10/5m`, which is ten in five minutes, or `off`. Raises ValueError."""
    if text.strip().lower() == "off":
        return None
    found = _RATE.fullmatch(text.strip())
    if not found:
        raise ValueError("must be a number up to 9999 and a period such as 10/5m, or off")
    period = parse_duration(found[2])
    if period.total_seconds() % 1 or not timedelta(seconds=1) <= period <= _LONGEST:
        raise ValueError("must have a period of whole seconds, a day at most")
    return Rate(int(found[1]), period)


def _rate(value: object) -> object:
    return parse_rate(value) if isinstance(value, str) else value


# NoDecode: the environment would be read as JSON, since a rate is a tuple
Limit = Annotated[Rate | None, NoDecode, BeforeValidator(_rate)]


class LimitSettings(Group):
    """Limits, each a number and a period (10/5m), or off."""

    model_config = SettingsConfigDict(env_prefix="LIMIT_")

    sign_in_failures: Limit = Field(
        parse_rate("10/5m"),
        description="Wrong passwords for an account, at sign-in and wherever a password is asked for again.",
    )
    sign_ins: Limit = Field(parse_rate("30/1m"), description="Sign-ins that an address may try, right or wrong.")
    registrations: Limit = Field(
        parse_rate("60/1h"), description="Accounts that an address may make. Development: ten times that."
    )
    mails: Limit = Field(parse_rate("3/15m"), description="Mails with a link that an e-mail address may be sent.")
    mail_requests: Limit = Field(parse_rate("30/1h"), description="Such mails that an address may ask for.")
    links: Limit = Field(parse_rate("60/1m"), description="Links out of mails that an address may come with.")
    refreshes: Limit = Field(parse_rate("300/1m"), description="Access tokens that an account may renew.")
    password_changes: Limit = Field(parse_rate("10/1h"), description="Changes of an account's password.")
    email_changes: Limit = Field(parse_rate("5/1h"), description="Changes of an account's e-mail address.")
    keys: Limit = Field(parse_rate("30/1h"), description="API keys that an account may make.")
    tasks: Limit = Field(parse_rate("60/1m"), description="Tasks that an account may create.")
    designs: Limit = Field(parse_rate("30/1m"), description="Designs that an account may ask for.")
    exports: Limit = Field(parse_rate("10/1h"), description="Exports of all data that an account may ask for.")
    profile_changes: Limit = Field(parse_rate("60/1h"), description="Changes of an account's profile.")
