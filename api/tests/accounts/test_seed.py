"""The demo user of development."""

import pytest
from fastapi import FastAPI

from app.seed import seed
from app.settings import Settings
from tests.people import browser, new_email


def development(settings: Settings, email: str) -> Settings:
    site = settings.app.model_copy(update={"environment": "development"})
    auth = settings.auth.model_copy(update={"demo_email": email})
    others = {name: getattr(settings, name) for name in Settings.__slots__ if name not in {"app", "auth"}}
    return Settings(app=site, auth=auth, **others)


async def test_it_can_sign_in_and_is_made_once(app: FastAPI, settings: Settings) -> None:
    email = new_email()

    await seed(development(settings, email))
    await seed(development(settings, email))

    async with browser(app) as client:
        body = {"email": email, "password": settings.auth.demo_password.get_secret_value()}
        response = await client.post("/api/v1/auth/login", json=body)
    assert response.status_code == 200
    assert response.json()["name"] == "Demo"


async def test_there_is_none_outside_development(settings: Settings) -> None:
    with pytest.raises(SystemExit, match="development only"):
        await seed(settings)
