"""The session's cookies. `__Host-` pins them to this host and to https; browsers drop Secure cookies on plain http."""

from datetime import timedelta
from typing import NamedTuple

from starlette.requests import HTTPConnection
from starlette.responses import Response

from app.project import COOKIE_PREFIX
from app.settings import SiteSettings


class Pair(NamedTuple):
    """What a browser is to keep: two tokens, and for how long each."""

    access_token: str
    access_for: timedelta
    refresh_token: str
    refresh_for: timedelta


class SessionCookies:
    """Reads and writes the cookies that hold the access and the refresh token."""

    def __init__(self, site: SiteSettings) -> None:
        self._secure = site.is_https
        prefix = f"{'__Host-' if site.is_https else ''}{COOKIE_PREFIX}"
        self.access, self.refresh = f"{prefix}_access", f"{prefix}_refresh"

    def access_token(self, connection: HTTPConnection) -> str | None:
        return connection.cookies.get(self.access)

    def refresh_token(self, connection: HTTPConnection) -> str | None:
        return connection.cookies.get(self.refresh)

    def write(self, response: Response, pair: Pair) -> None:
        self._set(response, self.access, pair.access_token, pair.access_for)
        self._set(response, self.refresh, pair.refresh_token, pair.refresh_for)

    def clear(self, response: Response) -> None:
        for name in (self.access, self.refresh):
            response.delete_cookie(name, path="/", secure=self._secure, httponly=True, samesite="lax")

    def _set(self, response: Response, name: str, token: str, max_age: timedelta) -> None:
        response.set_cookie(
            name,
            token,
            max_age=int(max_age.total_seconds()),
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )
