"""Where the text comes from."""

from typing import Literal

from pydantic import Field, SecretStr

from app.settings.base import Duration, Group, parse_duration


class GeneratorSettings(Group):
    """The generator."""

    generator: Literal["offline", "openai"] = Field(
        "offline", description="offline (no key, no network), or openai for any OpenAI-compatible endpoint."
    )
    offline_tokens_per_second: float = Field(40, gt=0, description="How fast the offline generator writes.")
    offline_tokens: int = Field(
        0, ge=0, description="How much it writes, in tokens; 0: as much as the prompt asks for."
    )
    openai_base_url: str = Field("https://api.openai.com/v1", description="The endpoint.")
    openai_api_key: SecretStr | None = Field(None, description="Its key.")
    openai_model: str = Field("gpt-5-mini", description="The model.")
    openai_timeout: Duration = Field(parse_duration("60s"), description="The longest silence of the endpoint.")
