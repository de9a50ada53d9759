"""`python -m bench.enumeration`: how long the questions take whose answers must not tell whether an address is known.

Known and unknown addresses take turns, in a process of their own with real stores. What matters is how often the known
one was the slower of a pair: half the time, where nothing can be learned. Needs servers (scripts/with-servers.ts).
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from statistics import median, quantiles
from time import perf_counter

import httpx
from fastapi import FastAPI
from pydantic import SecretStr

from app.accounts import repository
from app.accounts.authentication import Authentication
from app.core.ids import new_id
from app.main import create_app
from app.settings import LimitSettings, Settings, get_settings

PASSWORD = "slow rivers carve deep"  # noqa: S105
QUESTIONS: dict[str, tuple[int, dict[str, str]]] = {
    "login": (100, {"password": "another one entirely"}),
    "register": (100, {"password": PASSWORD, "name": "Ada"}),
    "password-reset": (600, {}),
    "verify-email/resend": (600, {}),
}


def mailing(settings: Settings) -> Settings:
    """With verification on, no limits, and a mail server that nobody will ask."""
    mail = settings.mail.model_copy(update={"smtp_url": SecretStr("smtp://localhost:9"), "email_verification": True})
    limits = settings.limits.model_copy(update=dict.fromkeys(LimitSettings.model_fields))
    others = {name: getattr(settings, name) for name in Settings.__slots__ if name not in {"mail", "limits"}}
    return Settings(mail=mail, limits=limits, **others)


async def pairs(app: FastAPI, ask: Callable[[str], Awaitable[float]], number: int) -> list[tuple[float, float]]:
    """Seconds for a known and an unknown address, each used once, in turns that change places."""
    authentication: Authentication = app.state.authentication
    password_hash = await authentication.passwords.hash(PASSWORD)
    taken = []
    for turn in range(number):
        known, unknown = (f"{new_id().hex}@example.com" for _ in range(2))
        async with app.state.db.transaction() as tx:
            await repository.add_user(tx, email=known, name="Ada", password_hash=password_hash)
        order = [known, unknown] if turn % 2 else [unknown, known]
        seconds = {email: await ask(email) for email in order}
        taken.append((seconds[known], seconds[unknown]))
    return taken


async def main() -> None:
    settings = mailing(get_settings())
    app = create_app(settings)
    site = settings.app.site_url
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=site, headers={"Origin": site}) as client,
    ):
        sys.stdout.write(
            "question               pairs  known ms  unknown ms  quartiles of known - unknown, ms  slower\n"
        )
        for path, (number, more) in QUESTIONS.items():

            async def ask(email: str, path: str = path, more: dict[str, str] = more) -> float:
                began = perf_counter()
                await client.post(f"/api/v1/auth/{path}", json={"email": email, **more})
                return perf_counter() - began

            await pairs(app, ask, 5)
            taken = await pairs(app, ask, number)
            known, unknown = (1_000 * median(side) for side in zip(*taken, strict=True))
            low, middle, high = quantiles([1_000 * (one - other) for one, other in taken])
            slower = sum(one > other for one, other in taken) / number
            sys.stdout.write(
                f"{path:22} {number:5}  {known:8.2f}  {unknown:10.2f}  {low:9.3f} {middle:9.3f} {high:9.3f}"
                f"  {slower:16.0%}\n"
            )


if __name__ == "__main__":
    asyncio.run(main())
