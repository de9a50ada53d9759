"""`python -m app.admin ada@example.com`: makes an administrator, where there is none who could."""

import asyncio
import sys

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import SQLAlchemyError

from app.accounts import repository as accounts
from app.accounts.revocations import Revocations
from app.accounts.schemas import Email
from app.admin import repository, service
from app.core.db import Database, Reader
from app.core.ids import new_id
from app.core.origin import Origin
from app.core.process import settings_or_exit
from app.settings import Settings

_USAGE = "Say whom: python -m app.admin ada@example.com"


async def make_admin(settings: Settings, given: str) -> str:
    """Gives the account the role, and says so. Raises SystemExit with a sentence where there is none."""
    try:
        email: str = TypeAdapter(Email).validate_python(given)
    except ValidationError:
        sys.exit(f"This is not an e-mail address: {given}")
    origin = Origin("", "make admin", new_id().hex)
    async with Database(settings.database) as db:
        found = await accounts.user_by_email(Reader(db), email)
        if found is None:
            sys.exit(f"There is no account with the address {email}: register it first.")
        async with db.transaction() as tx:
            await repository.lock(tx)
            user = await repository.user(tx, found.id)
            if user is None:
                sys.exit(f"The account {email} was just deleted.")
            is_new = user.role != "admin"
            if is_new:
                revocations = Revocations(settings.auth.access_token_ttl)
                await service.set_role(tx, user, "admin", actor=None, revocations=revocations, origin=origin)
    said = f"{email} is an administrator {'now' if is_new else 'already'}."
    return said if user.disabled_at is None else f"{said} The account is disabled, though."


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004
        sys.exit(_USAGE)
    try:
        sys.stdout.write(asyncio.run(make_admin(settings_or_exit(), sys.argv[1])) + "\n")
    except (OSError, SQLAlchemyError) as error:
        sys.exit(f"The database can't be asked: {getattr(error, 'orig', None) or error}")
