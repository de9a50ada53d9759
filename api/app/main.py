"""Puts the application together: features, errors, middleware and what lives as long as the process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.core.db import Database
from app.core.logging import configure_logging
from app.project import NAME
from app.settings import Settings, get_settings


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application as the server runs it."""
    settings = settings or get_settings()
    configure_logging(settings.logging)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with Database(settings.database) as app.state.db:
            yield

    app = FastAPI(title=NAME, lifespan=lifespan, openapi_url=None, redirect_slashes=False)
    app.state.settings = settings
    return app
