"""Limits: what is counted, for whom, and what happens where nobody can count."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
from fastapi import FastAPI
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as Lost

from app.core import error_handlers
from app.core.edge import Edge
from app.core.errors import Problem, Unavailable, problems
from app.core.limits import AT_ONCE, PREFIX, Limiter, Limits, network_of, per_address
from app.core.valkey import connect
from app.settings import LimitSettings, Settings
from tests.problems import problem
from tests.processes import own_valkey

KEY = "a key of tests that is long enough for anything"


class Wrong(Problem):
    """The guess is wrong."""

    status, code = 401, "wrong"


@asynccontextmanager
async def limited(valkey: Redis, settings: Settings, client: str = "203.0.113.7", **limits: str) -> AsyncIterator[Any]:
    """A client of an app that has a route by address and one that is guessed at; with what got through to the check."""
    app = FastAPI()
    rates: Any = limits
    app.state.settings = settings
    app.state.limiter = Limiter(valkey, LimitSettings(**rates), KEY + str(id(app)))
    checked: list[str] = []

    @app.post("/address")
    async def by_address(_limit: Annotated[None, per_address("registrations")]) -> None:
        pass

    @app.post("/open")
    async def open_one(limits: Limits) -> None:
        await limits.by_account("tasks", "somebody")

    @app.post("/guess/{who}/{what}", responses=problems(Wrong))
    async def guess(who: str, what: str, limits: Limits) -> None:
        async with limits.guess(who, Wrong):
            checked.append(who)
            await asyncio.sleep(0)
            if what == "wrong":
                raise Wrong
            if what == "away":
                raise Unavailable

    error_handlers.install(app)
    app.add_middleware(Edge)
    transport = httpx.ASGITransport(app=app, client=(client, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://site") as http:
        http.checked = checked  # type: ignore[attr-defined]
        yield http


@pytest.fixture
def seen(settings: Settings) -> Settings:
    """Settings of a place where the API sees who connects."""
    return with_(settings, behind_web=False)


def with_(settings: Settings, **processes: Any) -> Settings:
    return replace(settings, processes=settings.processes.model_copy(update=processes))


async def test_what_is_over_the_limit_is_told_when_to_come_back(valkey: Redis, seen: Settings) -> None:
    async with limited(valkey, seen, registrations="2/1m") as client:
        answers = [await client.post("/address") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["1", "0", "0"]
    problem(answers[2], 429, "rate_limited")
    assert 55 <= int(answers[2].headers["retry-after"]) <= 60
    assert answers[2].headers["ratelimit-limit"] == "2"
    assert answers[2].headers["ratelimit-policy"] == '"registrations";q=2;w=60'
    assert answers[2].headers["ratelimit"] == f'"registrations";r=0;t={answers[2].headers["ratelimit-reset"]}'


async def test_each_address_counts_by_itself(valkey: Redis, seen: Settings) -> None:
    async with limited(valkey, seen, registrations="1/1m") as client:
        app = client._transport.app
        answers = []
        for address in ("203.0.113.1", "203.0.113.2", "2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1"):
            transport = httpx.ASGITransport(app=app, client=(address, 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://site") as other:
                answers.append((await other.post("/address")).status_code)

    assert answers == [200, 200, 200, 429, 200]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:0DB8:0:0:ffff::1", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("a socket", "a socket"),
    ],
)
def test_a_network_is_what_one_customer_has(address: str, network: str) -> None:
    assert network_of(address) == network


async def test_behind_the_web_server_addresses_are_not_counted(valkey: Redis, settings: Settings) -> None:
    async with limited(
        valkey, with_(settings, behind_web=True), registrations="1/1m", sign_in_failures="1/1m"
    ) as client:
        assert [(await client.post("/address")).status_code for _ in range(3)] == [200] * 3
        assert [(await client.post("/guess/ada/wrong")).status_code for _ in range(2)] == [401, 429]


async def test_only_wrong_guesses_stay_counted(valkey: Redis, seen: Settings) -> None:
    async with limited(valkey, seen, sign_in_failures="3/1m") as client:
        guesses = [await client.post(f"/guess/ada/{what}") for what in ("right", "away", "wrong", "away", "wrong")]
        last = [(await client.post(f"/guess/ada/{what}")).status_code for what in ("right", "wrong", "right")]

    assert [guess.headers["ratelimit-remaining"] for guess in guesses] == ["3", "3", "2", "2", "1"]
    assert last == [200, 401, 429]


async def test_of_fifty_wrong_guesses_at_once_ten_are_checked(valkey: Redis, seen: Settings) -> None:
    async with limited(valkey, seen) as client:
        answers = await asyncio.gather(*(client.post("/guess/ada/wrong") for _ in range(50)))

        assert len(client.checked) == 10
        assert sorted(answer.status_code for answer in answers) == [401] * 10 + [429] * 40
        assert (await client.post("/guess/eve/right")).status_code == 200


async def test_nothing_that_is_counted_names_anybody_or_stays(valkey: Redis, seen: Settings) -> None:
    async with limited(valkey, seen, client="198.51.100.77", registrations="7/41s", sign_in_failures="7/41s") as client:
        await client.post("/guess/ada@example.com/wrong")
        await client.post("/address")

    keys = [key async for key in valkey.scan_iter(f"{PREFIX}:*/7/41/second")]
    assert len(keys) == 2
    for key in keys:
        assert re.fullmatch(f"{PREFIX}:(sign_in_failures|registrations)/[0-9a-f]{{32}}/7/41/second", key.decode())
        assert 0 < await valkey.ttl(key) <= 41


async def test_what_may_be_a_guess_is_refused_while_nobody_can_count(
    valkey: Redis, seen: Settings, tmp_path: Path
) -> None:
    async with (
        own_valkey(valkey, tmp_path) as own,
        connect(own.url, timeout=1) as store,
        limited(store, seen) as client,
    ):
        await own.kill()
        refused = [await client.post("/guess/ada/right"), await client.post("/address")]
        accepted = await client.post("/open")
        assert not client.checked

        await own.start()
        await own.ready()
        assert (await client.post("/guess/ada/right")).status_code == 200

    for answer in refused:
        problem(answer, 503, "unavailable")
        assert int(answer.headers["retry-after"]) >= 1
    assert accepted.status_code == 200


async def test_what_was_counted_for_somebody_can_be_forgotten(valkey: Redis, seen: Settings) -> None:
    async with limited(valkey, seen, sign_in_failures="1/1m", tasks="1/1m") as client:
        limiter: Limiter = client._transport.app.state.limiter
        for _ in range(2):
            await client.post("/guess/ada/wrong")
        await client.post("/guess/eve/wrong")

        await limiter.forget("ada", "somebody")

        assert (await client.post("/guess/ada/wrong")).status_code == 401
        assert (await client.post("/guess/eve/wrong")).status_code == 429


@pytest.mark.parametrize("is_away", [False, True])
async def test_a_crowd_waits_its_turn_and_learns_from_those_before(
    valkey: Redis, monkeypatch: pytest.MonkeyPatch, *, is_away: bool
) -> None:
    limiter = Limiter(valkey, LimitSettings(), KEY)
    there, most, asked = 0, 0, 0

    async def hit(*_: object) -> bool:
        nonlocal there, most, asked
        there, asked = there + 1, asked + 1
        most = max(most, there)
        await asyncio.sleep(0)
        there -= 1
        if is_away:
            raise Lost
        return True

    monkeypatch.setattr(limiter._window, "hit", hit)
    answers = await asyncio.gather(
        *(limiter.take("sign_in_failures", "ada") for _ in range(60)), return_exceptions=True
    )

    assert most == AT_ONCE
    assert asked == (AT_ONCE if is_away else 60)
    assert sum(isinstance(answer, Unavailable) for answer in answers) == (60 if is_away else 0)
