"""What a session costs: a refresh, a read that asks who calls against the same one that doesn't, and a sign-in.

It wants servers of its own (`scripts/with-servers.ts`) and LIMIT_REFRESHES, LIMIT_SIGN_INS and LIMIT_SIGN_IN_FAILURES
off. The requests go straight into the application, so that neither a socket nor a client is measured.
"""

import asyncio
import json
import logging
import sys
from collections.abc import Awaitable, Callable
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID

from fastapi import FastAPI

from app.accounts import repository
from app.accounts.schemas import User
from app.core.db import Reader, ReadOnly
from app.core.ids import new_id
from app.main import create_app
from app.settings import get_settings

ROUNDS = 7
READS = 400
REFRESHES = 200
SIGN_INS = 20
PASSWORD = "slow rivers carve deep"  # noqa: S105


async def unguarded(user_id: UUID, db: ReadOnly) -> User:
    """`GET /me` without a word about who calls."""
    return User.model_validate(await repository.user(db, user_id))


async def call(
    app: FastAPI, method: str, path: str, *, cookie: str = "", body: Any = None
) -> list[tuple[bytes, bytes]]:
    """Raises unless it is a success. Gives the answer's headers."""
    site = app.state.settings.app.site_url
    content = json.dumps(body).encode() if body else b""
    headers = {"host": "localhost", "origin": site, "cookie": cookie, "content-type": "application/json"}
    scope = {
        "type": "http", "http_version": "1.1", "asgi": {"version": "3.0"}, "scheme": "http", "method": method,
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1),
        "server": ("localhost", 80), "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    scope["headers"].append((b"content-length", str(len(content)).encode()))  # type: ignore[attr-defined]
    start: dict[str, Any] = {}

    async def receive() -> Any:
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            start.update(message)

    await app(scope, receive, send)
    if start["status"] not in {200, 201, 204}:
        raise RuntimeError(f"{method} {path}: {start['status']}")
    found: list[tuple[bytes, bytes]] = start["headers"]
    return found


async def milliseconds(times: int, work: Callable[[], Awaitable[object]]) -> float:
    """Each, on average."""
    began = perf_counter()
    for _ in range(times):
        await work()
    return 1_000 * (perf_counter() - began) / times


def cookies_of(headers: list[tuple[bytes, bytes]]) -> str:
    return "; ".join(value.decode().partition(";")[0] for name, value in headers if name == b"set-cookie")


async def main() -> None:
    """Prints the figures as JSON."""
    app = create_app(get_settings())
    logging.disable()
    app.add_api_route("/unguarded/{user_id}", unguarded)
    async with app.router.lifespan_context(app):
        email = f"{new_id().hex}@example.com"
        body = {"email": email, "password": PASSWORD, "name": "Ada"}
        jar = cookies_of(await call(app, "POST", "/api/v1/auth/register", body=body))
        user = await repository.user_by_email(Reader(app.state.db), email)
        if user is None:
            raise RuntimeError("nobody was registered")

        async def refresh() -> None:
            nonlocal jar
            jar = cookies_of(await call(app, "POST", "/api/v1/auth/refresh", cookie=jar))

        rounds = []
        for _ in range(ROUNDS):
            bare = await milliseconds(READS, lambda: call(app, "GET", f"/unguarded/{user.id}"))
            rounds.append((bare, await milliseconds(READS, lambda: call(app, "GET", "/api/v1/me", cookie=jar))))
        refreshes = [await milliseconds(REFRESHES // ROUNDS, refresh) for _ in range(ROUNDS)]
        began = perf_counter()
        given = {"email": email, "password": PASSWORD}
        await asyncio.gather(*(call(app, "POST", "/api/v1/auth/login", body=given) for _ in range(SIGN_INS)))
        figures = {
            "read_ms": median(bare for bare, _ in rounds),
            "authorised_read_ms": median(asked for _, asked in rounds),
            "ratio": median(asked / bare for bare, asked in rounds),
            "refresh_ms": median(refreshes),
            "sign_ins_per_second": SIGN_INS / (perf_counter() - began),
        }
    sys.stdout.write(json.dumps({name: round(value, 3) for name, value in figures.items()}) + "\n")


def _reader(app: FastAPI) -> Any:
    from app.core.db import Reader  # noqa: PLC0415

    return Reader(app.state.db)


if __name__ == "__main__":
    asyncio.run(main())
