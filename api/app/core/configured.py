"""The settings that this process runs with, for routes that differ by them."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from app.settings import Settings


async def _settings(connection: HTTPConnection) -> Settings:
    settings: Settings = connection.app.state.settings
    return settings


Configured = Annotated[Settings, Depends(_settings)]
