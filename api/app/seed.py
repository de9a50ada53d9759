"""`python -m app.seed`: the demo user that development signs in with one click."""

import asyncio
import sys

from app.accounts import repository
from app.accounts.passwords import Passwords
from app.core.db import Database, Reader
from app.settings import Settings, get_settings


async def seed(settings: Settings) -> None:
    """Makes the demo user, unless there is one. Raises SystemExit outside development."""
    if not settings.app.is_development:
        sys.exit("The demo user is for development only.")
    async with Database(settings.database) as db:
        if await repository.user_by_email(Reader(db), settings.auth.demo_email):
            return
        passwords = Passwords(settings.auth)
        password_hash = await passwords.hash(settings.auth.demo_password.get_secret_value())
        passwords.close()
        async with db.transaction() as tx:
            await repository.add_user(tx, email=settings.auth.demo_email, name="Demo", password_hash=password_hash)


if __name__ == "__main__":
    asyncio.run(seed(get_settings()))
