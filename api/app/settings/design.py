"""Designs: what is written while somebody waits for it."""

import re
from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from app.settings.base import Duration, Group, parse_duration


class DesignSettings(Group):
    """Designs: written by the API itself while somebody waits."""

    model_config = SettingsConfigDict(env_prefix="DESIGN_")

    use_streaming: bool = Field(
        default=True,
        validation_alias="USE_STREAMING",
        description="1 or 0: whether the design page streams. The web server reads it, at every request.",
    )
    streaming_proxy_key: SecretStr | None = Field(
        None,
        validation_alias="STREAMING_PROXY_KEY",
        description="What a machine sends as X-Streaming-Proxy-Key to write designs without a session, at least "
        "32 characters; empty: that header opens nothing.",
    )
    first_token: Annotated[Duration, Field(gt=timedelta(0), le=timedelta(seconds=5))] = Field(
        parse_duration("5s"), description="How long the generator may take for the first token, at most 5s."
    )
    deadline: Annotated[Duration, Field(gt=timedelta(0))] = Field(
        parse_duration("3m"), description="How long a design may take in all."
    )
    max_tokens: int = Field(4_000, ge=1, description="Tokens a design may use.")
    per_user: int = Field(
        3, ge=1, validation_alias="DESIGNS_PER_USER", description="Designs a user may have written at a time."
    )
    per_proxy_key: int = Field(
        20, ge=1, validation_alias="DESIGNS_PER_PROXY_KEY", description="Designs at a time for STREAMING_PROXY_KEY."
    )

    @field_validator("streaming_proxy_key")
    @classmethod
    def _can_be_sent(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch("[!-~]+", value.get_secret_value()):
            message = "must be visible ASCII without spaces, since it travels in a header"
            raise ValueError(message)
        return value

    def accepts_key(self, given: str | None) -> bool:
        """Whether this is the key. It takes the same time for every wrong one."""
        if not self.streaming_proxy_key or given is None:
            return False
        key = self.streaming_proxy_key.get_secret_value()
        return compare_digest(sha256(given.encode()).digest(), sha256(key.encode()).digest())
