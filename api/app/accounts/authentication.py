"""Finds out who is calling, for every feature: `core.caller.SignedIn` asks here."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection
from starlette.responses import Response

from app.accounts import sessions_repository
from app.accounts.cookies import SessionCookies
from app.accounts.passwords import Passwords
from app.accounts.revocations import Revocations
from app.accounts.sessions import Sessions, SignIn
from app.accounts.tokens import Claims, Tokens
from app.accounts.uses import Uses
from app.core.aio import every
from app.core.caller import Caller
from app.core.db import Database, Reader, WriteTransaction
from app.core.errors import Unauthenticated
from app.core.origin import Origin
from app.core.same_site import is_unsafe, require_same_site
from app.settings import Settings

_WRITE_EVERY = timedelta(seconds=1)


class Authentication:
    """The parts that sign-in needs, made once a process."""

    def __init__(self, settings: Settings) -> None:
        auth = settings.auth
        self.tokens = Tokens(auth.jwt_keys.get_secret_value(), site=settings.app.site_url, ttl=auth.access_token_ttl)
        self.revocations = Revocations(auth.access_token_ttl)
        self.sessions = Sessions(auth, self.tokens, self.revocations)
        self.cookies = SessionCookies(settings.app)
        self.passwords = Passwords(auth)
        self._uses = Uses()

    def claims(self, connection: HTTPConnection) -> Claims | None:
        """What the cookie says, if it is a token of ours that is good now; its session may have ended."""
        token = self.cookies.access_token(connection)
        return self.tokens.verify(token) if token else None

    async def enter(
        self, tx: WriteTransaction, request: HTTPConnection, response: Response, sign_in: SignIn, *, origin: Origin
    ) -> None:
        """Gives the browser its new session and ends the one that it had, which nobody there could reach any more."""
        text = self.cookies.refresh_token(request)
        await self.sessions.sign_out(tx, claims=self.claims(request), text=text, origin=origin)
        self.cookies.write(response, sign_in.pair)

    async def authenticate(self, connection: HTTPConnection) -> Caller:
        """The caller. Raises Unauthenticated, and CrossSite when another site sends the cookie along."""
        if is_unsafe(connection) and self.cookies.access_token(connection):
            require_same_site(connection)
        claims = self.claims(connection)
        if claims is None or self.revocations.refuses(claims):
            raise Unauthenticated
        if not self.revocations.is_current and not await sessions_repository.holds(
            Reader(connection.app.state.db), claims
        ):
            raise Unauthenticated
        self._uses.note(claims, connection.client.host if connection.client else "")
        return Caller(claims.user_id, claims.session_id, claims.role)

    @asynccontextmanager
    async def running(self, db: Database) -> AsyncIterator[None]:
        """Learns what others revoke, and notes where sessions are used, while the context lasts."""

        async def uses_of_sessions() -> None:
            await self._uses.write(db)

        tasks = [
            asyncio.create_task(self.revocations.watch(db)),
            asyncio.create_task(every(_WRITE_EVERY, uses_of_sessions)),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.passwords.close()


async def _authentication(connection: HTTPConnection) -> Authentication:
    authentication: Authentication = connection.app.state.authentication
    return authentication


Auth = Annotated[Authentication, Depends(_authentication)]
