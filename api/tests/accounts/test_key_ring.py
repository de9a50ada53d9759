"""A rotation of the signing keys, as sessions see it."""

from dataclasses import replace

from pydantic import SecretStr

from app.accounts.authentication import Authentication
from app.accounts.tokens import Claims
from app.core.db import Database
from app.settings import Settings
from tests.accounts.test_tokens import new_key, public, ring
from tests.people import NOWHERE, Person


async def test_it_loses_no_session(person: Person, settings: Settings, db: Database) -> None:
    old, new = new_key("old"), new_key("new")
    rings = [ring(old), ring(old, new), ring(new, public(old)), ring(new)]
    keys = [settings.auth.model_copy(update={"jwt_keys": SecretStr(each)}) for each in rings]
    before, added, switched, removed = (Authentication(replace(settings, auth=auth)) for auth in keys)
    async with db.transaction() as tx:
        sign_in = await before.sessions.start(tx, user_id=person.id, origin=NOWHERE, method="password")
    refresh_token = sign_in.pair.refresh_token

    for process in (added, switched, removed):
        async with db.transaction() as tx:
            renewed = await process.sessions.refresh(tx, refresh_token, origin=NOWHERE)
        refresh_token = renewed.pair.refresh_token
        assert process.tokens.verify(renewed.pair.access_token)
        if process is not removed:  # comes when what the old key signed has expired
            assert process.tokens.verify(sign_in.pair.access_token) == Claims(person.id, sign_in.session_id)
