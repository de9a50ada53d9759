"""How long what is no longer needed is kept."""

from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_settings import SettingsConfigDict

from app.settings.base import Duration, Group, parse_duration

_HOUR = timedelta(hours=1)


def _unless_off(value: object) -> object:
    return None if isinstance(value, str) and value.strip().lower() == "off" else value


Kept = Annotated[Duration, Field(ge=timedelta(0))]


class RetentionSettings(Group):
    """What beat has deleted when its time is over."""

    model_config = SettingsConfigDict(env_prefix="RETENTION_")

    sessions: Kept = Field(
        parse_duration("1d"), description="Sessions after their end: until then they are said to have expired."
    )
    links: Kept = Field(parse_duration("1d"), description="Links out of mails after their end, for the same reason.")
    idempotency_keys: Kept = Field(
        parse_duration("7d"), description="Idempotency keys: used again later they make a new task."
    )
    audit_details: Kept = Field(
        parse_duration("90d"), description="Addresses, e-mails and browsers beside the audit log. Its rows stay."
    )
    # an hour at least: by then no worker and no reader has anything to do with it any more
    tasks: Annotated[Duration | None, Field(ge=_HOUR), BeforeValidator(_unless_off)] = Field(
        None, description="Finished tasks, from 1h on; empty or off: until they are deleted."
    )
