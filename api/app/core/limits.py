"""Limits: how often somebody may do something, counted in Valkey in a window that moves. Reads have none."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from time import monotonic, time
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

import structlog
from fastapi import Depends
from limits import RateLimitItemPerSecond
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as Lost
from redis.exceptions import RedisError
from starlette.requests import HTTPConnection

from app.core.caller import Caller, calling
from app.core.db import WriteTransaction
from app.core.edge import headers_of_answer
from app.core.errors import Problem, Unavailable, raises
from app.core.keyed_hash import KeyedHash
from app.core.personal import Person
from app.project import VALKEY_PREFIX
from app.settings import LimitSettings

log = structlog.get_logger(__name__)

PREFIX = f"{VALKEY_PREFIX}limit"

Name = Literal[
    "sign_in_failures", "sign_ins", "registrations", "mails", "mail_requests", "links", "refreshes",
    "password_changes", "email_changes", "keys", "tasks", "designs", "exports", "profile_changes",
]  # fmt: skip
"""A limit, as the settings name it."""

# What can't be counted is refused where it may be a guess or sends a mail: neither can be taken back.
_CLOSED = frozenset[Name]({"sign_in_failures", "sign_ins", "registrations", "mails", "mail_requests"})
AT_ONCE = 6  # the rest of a crowd waits here: a connection that is long in coming looks like a Valkey that is away
_FORGIVEN = 2.0  # seconds without a question after one that nobody answered: whoever isn't refused shouldn't wait


class Standing(NamedTuple):
    """How somebody stands with one limit."""

    name: Name
    amount: int
    period: int
    remaining: int
    resets_in: int
    """Seconds until one more is free."""


class RateLimited(Problem):
    """That was too often; wait a little."""

    status, code = 429, "rate_limited"

    def __init__(self, standing: Standing) -> None:
        super().__init__(headers={"Retry-After": str(max(1, standing.resets_in))})
        self.standing = standing


class Limiter:
    """Counts. `who` is kept as a keyed hash only, and no longer than the limit's period."""

    def __init__(self, valkey: Redis, settings: LimitSettings, key: str) -> None:
        self._valkey = valkey
        # "async+redis://" names the kind of storage; where it is, our own pool knows
        self._storage = RedisStorage(
            "async+redis://",
            implementation="redispy",
            key_prefix=PREFIX,
            connection_pool=valkey.connection_pool,  # type: ignore[arg-type] # as its documentation says
        )
        self._window = MovingWindowRateLimiter(self._storage)
        self._hash = KeyedHash(key)
        self._items: dict[Name, RateLimitItemPerSecond] = {}
        for name in LimitSettings.model_fields:
            if rate := getattr(settings, name):
                seconds = int(rate.period.total_seconds())
                self._items[name] = RateLimitItemPerSecond(rate.amount, seconds, namespace=name)  # type: ignore[index]
        self._asks_again_at = 0.0
        self._places = asyncio.Semaphore(AT_ONCE)
        self._lost_at = float("-inf")

    async def take(self, name: Name, who: str) -> Standing | None:
        """Counts one. Raises RateLimited, and Unavailable where it has to be counted and can't be.

        Gives None where there is no limit, or where nobody could say. It is atomic: of any number at once no more than
        the limit get through.
        """
        item = self._items.get(name)
        if item is None or (name not in _CLOSED and monotonic() < self._asks_again_at):
            return None
        known = self._known(who)
        try:
            is_free, resets_at, remaining = await self._counted(item, known)
        except (RedisError, OSError) as error:
            self._lost_at = monotonic()
            log.warning("a limit can't be counted", limit=name, error=repr(error))
            if name in _CLOSED:
                raise Unavailable from error
            self._asks_again_at = monotonic() + _FORGIVEN
            return None
        standing = Standing(name, item.amount, item.get_expiry(), max(0, remaining), max(0, ceil(resets_at - time())))
        if not is_free:
            raise RateLimited(standing)
        return standing

    async def _counted(self, item: RateLimitItemPerSecond, known: str) -> tuple[bool, float, int]:
        """Counts one; gives whether it was free, when another one will be, and how many are left."""
        came = monotonic()
        async with self._places:
            if self._lost_at >= came:  # whoever was before us waited in vain, and for us, too
                raise Lost("it went away meanwhile")
            is_free = await self._window.hit(item, known)
            return is_free, *await self._window.get_window_stats(item, known)

    async def give_back(self, name: Name, who: str) -> None:
        """Takes back the last one that was counted."""
        if item := self._items.get(name):
            try:
                await self._valkey.lpop(self._place(item, who))
            except (RedisError, OSError) as error:  # it stays counted until the period is over
                log.warning("a limit can't be given back", limit=name, error=repr(error))

    async def forget(self, *whos: str) -> None:
        """Deletes what was counted for these, in all limits."""
        places = [self._place(item, who) for item in self._items.values() for who in whos]
        if places:
            await self._valkey.delete(*places)

    async def erase(self, tx: WriteTransaction, person: Person) -> None:
        """Forgets a person once they are erased; of an address nothing but a keyed hash is known, for an hour."""
        tx.after_commit(partial(self.forget, str(person.id), person.email))

    def _known(self, who: str) -> str:
        return self._hash("limit", who)[:16].hex()

    def _place(self, item: RateLimitItemPerSecond, who: str) -> str:
        return self._storage.bridge.prefixed_key(item.key_for(self._known(who)))


class RequestLimits:
    """The limits of one request, whose answer tells how whoever sent it stands with them."""

    def __init__(self, connection: HTTPConnection) -> None:
        self._connection = connection
        self._limiter: Limiter = connection.app.state.limiter
        self._standings: dict[Name, Standing] = {}

    async def by_address(self, name: Name) -> None:
        """Counts one for the client's network, unless the web server is all that could be seen of it.

        Raises RateLimited and Unavailable, as do the others.
        """
        if not self._connection.app.state.settings.processes.behind_web:
            client = self._connection.client
            await self._take(name, network_of(client.host if client else ""))

    async def by_account(self, name: Name, account: UUID | str) -> None:
        """Counts one for an account: its id, or its e-mail address where nobody is signed in."""
        await self._take(name, str(account))

    @asynccontextmanager
    async def guess(self, email: str, *wrong: type[Problem]) -> AsyncIterator[None]:
        """Around whatever checks a password of the account with this address, whether there is one or not.

        It is counted before, so that any number at once are no more guesses than the limit. What isn't `wrong` in the
        end is given back.
        """
        standing = await self._take("sign_in_failures", email)
        try:
            yield
        except Exception as error:
            if not isinstance(error, wrong):
                await self._give_back(standing, email)
            raise
        await self._give_back(standing, email)

    async def _give_back(self, standing: Standing | None, who: str) -> None:
        if standing:
            await self._limiter.give_back(standing.name, who)
            self._tell(standing._replace(remaining=standing.remaining + 1))

    async def _take(self, name: Name, who: str) -> Standing | None:
        try:
            standing = await self._limiter.take(name, who)
        except RateLimited as refusal:
            self._tell(refusal.standing)
            raise
        if standing:
            self._tell(standing)
        return standing

    def _tell(self, standing: Standing) -> None:
        """Has the answer carry the fields of draft-ietf-httpapi-ratelimit-headers, and what clients knew before it."""
        self._standings[standing.name] = standing
        told = self._standings.values()
        least = min(told, key=lambda one: one.remaining)
        headers_of_answer(self._connection.scope).update(
            {
                "RateLimit-Policy": ", ".join(f'"{one.name}";q={one.amount};w={one.period}' for one in told),
                "RateLimit": ", ".join(f'"{one.name}";r={one.remaining};t={one.resets_in}' for one in told),
                "RateLimit-Limit": str(least.amount),
                "RateLimit-Remaining": str(least.remaining),
                "RateLimit-Reset": str(least.resets_in),
            }
        )


@raises(RateLimited, Unavailable)
async def _limits(connection: HTTPConnection) -> RequestLimits:
    limits: RequestLimits = connection.scope["state"].setdefault("limits", RequestLimits(connection))
    return limits


Limits = Annotated[RequestLimits, Depends(_limits)]


def per_address(name: Name) -> Any:
    """For a route: counts one for whoever sends it, by where it comes from."""

    async def count(limits: Limits) -> None:
        await limits.by_address(name)

    return Depends(count)


def per_account(name: Name) -> Any:
    """For a route: counts one for the account whose request it is."""

    async def count(limits: Limits, caller: Annotated[Caller, Depends(calling)]) -> None:
        await limits.by_account(name, caller.user_id)

    return Depends(count)


def network_of(address: str) -> str:
    """What counts as one client: an IPv4 address, or the 2^64 addresses of an IPv6 network, which one customer has."""
    try:
        known = ip_address(address)
    except ValueError:  # a socket of this machine has none
        return address
    if isinstance(known, IPv6Address):
        return str(known.ipv4_mapped or ip_network((known, 64), strict=False))
    return str(known)
