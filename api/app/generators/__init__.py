"""Where the text comes from: a model behind an OpenAI-compatible endpoint, or a planner that needs no network."""

from app.generators.base import Generator
from app.settings import GeneratorSettings


def get_generator(settings: GeneratorSettings) -> Generator:
    """The generator that the settings name."""
    if settings.generator == "openai":
        from app.generators.openai import OpenAIGenerator  # noqa: PLC0415 (takes a second and 40 MB to import)

        return OpenAIGenerator(
            base_url=settings.openai_base_url,
            api_key=settings.openai_api_key.get_secret_value() if settings.openai_api_key else None,
            model=settings.openai_model,
            silence=settings.openai_timeout,
        )
    from app.generators.offline.generator import OfflineGenerator  # noqa: PLC0415 (only one of the two is loaded)

    return OfflineGenerator(tokens_per_second=settings.offline_tokens_per_second, tokens=settings.offline_tokens)
