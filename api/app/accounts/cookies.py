"""The session's cookie. `__Host-` pins it to this host and to https; browsers drop Secure cookies on plain http."""

from datetime import timedelta

from starlette.requests import HTTPConnection
from starlette.responses import Response

from app.project import COOKIE_PREFIX
from app.settings import SiteSettings


class SessionCookie:
    """Reads and writes the cookie that holds the access token."""

    def __init__(self, site: SiteSettings) -> None:
        self._secure = site.is_https
        self.name = f"{'__Host-' if site.is_https else ''}{COOKIE_PREFIX}_access"

    def read(self, connection: HTTPConnection) -> str | None:
        return connection.cookies.get(self.name)

    def write(self, response: Response, token: str, ttl: timedelta) -> None:
        response.set_cookie(
            self.name,
            token,
            max_age=int(ttl.total_seconds()),
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )

    def clear(self, response: Response) -> None:
        response.delete_cookie(self.name, path="/", secure=self._secure, httponly=True, samesite="lax")
