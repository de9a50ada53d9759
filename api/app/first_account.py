"""`python -m app.first_account`: an administrator, so that somebody can sign in to a new installation.

Prints {"email": …, "password": …} once; nothing where there is any account.
"""

import asyncio
import json
import secrets
import sys

from app.accounts import repository
from app.accounts.passwords import Passwords
from app.audit import service as audit
from app.core.db import Database, Reader
from app.core.ids import new_id
from app.core.origin import Origin
from app.core.process import settings_or_exit
from app.settings import Settings

_BYTES = 15  # 20 characters


async def first_account(settings: Settings) -> dict[str, str] | None:
    """The new account with its password, or None where there was an account."""
    email, password = settings.auth.first_account_email.lower(), secrets.token_urlsafe(_BYTES)
    async with Database(settings.database) as db:
        if await repository.has_users(Reader(db)):
            return None
        passwords = Passwords(settings.auth)
        password_hash = await passwords.hash(password)
        passwords.close()
        async with db.transaction() as tx:
            made = await repository.add_user(tx, email=email, name="Admin", password_hash=password_hash, role="admin")
            if made:
                origin = Origin("", "the first account", new_id().hex)
                await audit.record(tx, "registered", origin=origin, user=made.id, email=email, role="admin")
    return {"email": email, "password": password} if made else None


if __name__ == "__main__":
    if account := asyncio.run(first_account(settings_or_exit())):
        sys.stdout.write(json.dumps(account) + "\n")
