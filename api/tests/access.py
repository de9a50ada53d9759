"""Who may call what: a row for each operation of the contract, and the people who try.

Nothing here needs the app in this process: the same table holds at the port of one that runs, on the same stores.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, Literal, NamedTuple, get_args
from uuid import UUID

import httpx
from sqlalchemy import insert, text

from app.accounts import repository as accounts
from app.accounts.authentication import Authentication
from app.api_keys.authentication import ApiKeys
from app.api_keys.keys import new_key, shown
from app.api_keys.models import ApiKeyRow
from app.core.caller import Caller, Role, Scope
from app.core.db import Database, WriteTransaction
from app.core.ids import new_id
from app.settings import Settings
from app.tasks import repository as tasks
from tests.operations import Operation
from tests.people import NOWHERE, new_email

Headers = dict[str, str]
Thing = Literal["task", "finished_task", "key", "session", "identity", "user"]


class Row(NamedTuple):
    """Who may call an operation."""

    who: Literal["anybody", "session", "admin", "refresh"]
    scope: Scope | None = None
    """What an API key has to be for, where one will do."""
    id: Thing | None = None
    """What the address names; it has an owner."""
    body: Any = {}  # noqa: RUF012 - never changed
    """What is sent by those who are let in. Where it can't be meant, 422 shows that they are."""
    told: str | None = None
    """The code of a refusal that only those hear who are let in."""

    @property
    def ways(self) -> int:
        """How many may, by `admitted`."""
        return 3 if self.who == "anybody" or self.scope else 1


ACCESS: dict[str, Row] = {
    "getHealth": Row("anybody"),
    "getReadiness": Row("anybody"),
    "register": Row("anybody"),
    "login": Row("anybody"),
    "logout": Row("anybody"),
    "refresh": Row("refresh"),
    "getAuthOptions": Row("anybody"),
    "verifyEmail": Row("anybody"),
    "resendVerification": Row("anybody"),
    "requestPasswordReset": Row("anybody"),
    "resetPassword": Row("anybody"),
    "changeEmail": Row("anybody"),
    "startSignIn": Row("anybody"),
    "finishSignIn": Row("anybody"),
    "listSessions": Row("session"),
    "deleteSession": Row("session", id="session"),
    "getMe": Row("session"),
    "updateMe": Row("session", body={"name": "Grace"}),
    "deleteMe": Row("session", told="fresh_sign_in_needed"),
    "getExport": Row("session"),
    "changePassword": Row("session"),
    "requestEmailChange": Row("session"),
    "listIdentities": Row("session"),
    "deleteIdentity": Row("session", id="identity"),
    "createApiKey": Row("session", body={"name": "Report", "scopes": ["tasks:read"]}),
    "listApiKeys": Row("session"),
    "deleteApiKey": Row("session", id="key"),
    "listUsers": Row("admin"),
    "updateUser": Row("admin", id="user", body={"disabled": True}),
    "deleteUserSessions": Row("admin", id="user"),
    "listAuditEvents": Row("admin"),
    "createTask": Row("session", "tasks:write", body={"prompt": "A choir"}),
    "listTasks": Row("session", "tasks:read"),
    "getTask": Row("session", "tasks:read", "task"),
    "cancelTask": Row("session", "tasks:write", "task"),
    "deleteTask": Row("session", "tasks:write", "task"),
    "streamTask": Row("session", "tasks:read", "finished_task"),
    "writeDesign": Row("session", "design"),
    "streamDesign": Row("session", "design"),
}


class Someone(NamedTuple):
    """A person with one of everything that a person can have."""

    caller: Caller
    name: str
    """Nobody else's, and in everything that is theirs."""
    session: Headers
    keys: dict[str, Headers]
    """By what they are for: a scope, `but` and a scope for all others, or `all`."""
    ids: dict[Thing, UUID]


class World:
    """Makes people, and knows what is theirs. `site` is where their browsers say that they are."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self.db = db
        self._authentication = Authentication(settings)
        self._api_keys = ApiKeys(settings, self._authentication.revocations)
        self.site = {"Origin": settings.app.site_url}

    async def someone(self, role: Role = "user") -> Someone:
        name = f"Ada {new_id().hex}"
        async with self.db.transaction() as tx:
            user = await accounts.add_user(tx, email=new_email(), name=name, password_hash="-")
            assert user
            await tx.execute(text("UPDATE users SET role = :role WHERE id = :id"), {"role": role, "id": user.id})
            sign_in = await self._authentication.sessions.start(tx, user_id=user.id, origin=NOWHERE, method="password")
            caller = Caller(user.id, sign_in.session_id, role)
            given = await self._keys(tx, caller, name)
            ids: dict[Thing, UUID] = {"user": user.id, "session": sign_in.session_id, "key": given.pop("id")}
            ids |= {"task": await self._task(tx, caller, name), "finished_task": await self._task(tx, caller, name)}
            await tasks.cancel(tx, caller, ids["finished_task"])
            ids["identity"] = await self._identity(tx, caller, name)
        cookies = self._authentication.cookies
        pairs = {cookies.access: sign_in.pair.access_token, cookies.refresh: sign_in.pair.refresh_token}
        session = self.site | {"Cookie": "; ".join(f"{cookie}={value}" for cookie, value in pairs.items())}
        return Someone(caller, name, session, given, ids)

    async def state(self, *people: Someone) -> Any:
        """All that is theirs and that somebody might change."""
        columns = {
            "users": "t",
            "tasks": "(id, status, prompt)",
            "api_keys": "(id, name, scopes)",
            "sessions": "id",
            "identities": "id",
        }
        ids = [someone.caller.user_id for someone in people]
        found = {}
        async with self.db.autocommit() as connection:
            for table, wanted in columns.items():
                whose = {"users": "id", "tasks": "owner_id"}.get(table, "user_id")
                statement = f"SELECT {wanted}::text FROM {table} t WHERE {whose} = ANY(:ids) ORDER BY id"
                found[table] = list((await connection.execute(text(statement), {"ids": ids})).scalars())
        return found

    async def _keys(self, tx: WriteTransaction, caller: Caller, name: str) -> dict[str, Any]:
        scopes = get_args(Scope)
        kinds = {"all": scopes} | {scope: (scope,) for scope in scopes}
        kinds |= {f"but {scope}": tuple(set(scopes) - {scope}) for scope in scopes}
        given: dict[str, Any] = {}
        rows = []
        for kind, of in kinds.items():
            key = new_key()
            given |= {kind: {"Authorization": f"Bearer {key}"}, "id": new_id()}
            row = {"id": given["id"], "user_id": caller.user_id, "name": name, "prefix": shown(key)}
            rows.append(row | {"hash": self._api_keys.hashed(key), "scopes": list(of)})
        await tx.execute(insert(ApiKeyRow).values(rows))
        return given

    async def _task(self, tx: WriteTransaction, caller: Caller, name: str) -> UUID:
        row = await tasks.add(tx, caller, kind="project_plan", prompt=name, fingerprint=b"", key=None)
        assert row
        task_id: UUID = row.id
        return task_id

    async def _identity(self, tx: WriteTransaction, caller: Caller, name: str) -> UUID:
        identity = new_id()
        await tx.execute(
            text(
                "INSERT INTO identities (id, user_id, provider, issuer, subject, email) "
                "VALUES (:id, :user, 'google', 'https://accounts.google.com', :subject, :subject)"
            ),
            {"id": identity, "user": caller.user_id, "subject": name},
        )
        return identity


class Door:
    """Where an API is called: whoever comes says by headers who they are, and nothing is remembered of them."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def call(
        self, operation: Operation, headers: Headers, *, thing: UUID | None = None, body: Any
    ) -> httpx.Response:
        path = operation.path.replace("{id}", str(thing or new_id())).replace("{provider}", "google")
        sent = {"json": body} if operation.takes_body else {}
        response = await self._client.request(operation.method, path, headers=headers, **sent)
        self._client.cookies.clear()
        return response


@asynccontextmanager
async def door(base_url: str, transport: httpx.AsyncBaseTransport | None = None) -> AsyncIterator[Door]:
    async with httpx.AsyncClient(base_url=base_url, transport=transport, timeout=20) as client:
        yield Door(client)


class Refused(NamedTuple):
    """Somebody who isn't let in, and what they are told."""

    name: str
    headers: Headers
    status: int
    code: str


class Cast(NamedTuple):
    """Everybody who tries to get at what is the owner's."""

    owner: Someone
    stranger: Someone
    admin: Someone
    disabled: Someone


def refused(row: Row, cast: Cast, site: Headers) -> Iterator[Refused]:
    """Who may not call an operation of the row on what is the owner's."""
    owner, stranger, admin, disabled = cast
    if row.who == "anybody":
        return
    if row.who == "refresh":
        yield Refused("anonymous", site, 401, "session_expired")
        yield Refused("a key", site | owner.keys["all"], 401, "session_expired")
        yield Refused("disabled", disabled.session, 401, "session_revoked")
        return

    yield Refused("anonymous", site, 401, "unauthenticated")
    yield Refused("disabled", disabled.session, 401, "unauthenticated")
    yield Refused("a disabled one's key", disabled.keys["all"], 401, "unauthenticated")
    yield Refused("no key beside a good cookie", owner.session | {"Authorization": "Bearer x"}, 401, "unauthenticated")
    without = owner.keys[f"but {row.scope}" if row.scope else "all"]
    yield Refused("a key for other things", without, 403, "insufficient_scope")
    yield Refused("that key beside a good cookie", owner.session | without, 403, "insufficient_scope")
    if row.who == "admin":
        yield Refused("an administrator's key", admin.keys["all"], 403, "insufficient_scope")
        yield Refused("the owner", owner.session, 404, "not_found")
        yield Refused("another user", stranger.session, 404, "not_found")
    elif row.id:
        yield Refused("another user", stranger.session, 404, "not_found")
        yield Refused("an administrator", admin.session, 404, "not_found")
        if row.scope:
            yield Refused("another's key", stranger.keys[row.scope], 404, "not_found")
            both = owner.session | stranger.keys[row.scope]
            yield Refused("another's key beside the owner's cookie", both, 404, "not_found")


def admitted(row: Row, owner: Someone, cast: Cast, site: Headers) -> Iterator[tuple[str, Headers]]:
    """Who may."""
    if row.who == "admin":
        yield "an administrator", cast.admin.session
        return
    yield "the owner", owner.session
    if row.who == "anybody":
        yield "anonymous", site
        yield "a key", site | owner.keys["all"]
    if row.scope:
        yield "their key for this", owner.keys[row.scope]
        yield "it beside another's cookie", cast.stranger.session | owner.keys[row.scope]
