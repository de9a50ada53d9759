"""Every query of the app, with values to try it with: beside `db` or `tx`, and the caller."""

import inspect
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import app
from app.accounts import profile_repository, registrations_repository, sessions_repository
from app.accounts import repository as accounts
from app.accounts.refresh import Family
from app.accounts.tokens import Claims
from app.admin import repository as admin
from app.api_keys import repository as api_keys
from app.audit import repository as audit
from app.audit import service as audit_service
from app.core.origin import Origin
from app.core.pagination import PageRequest
from app.credentials import repository as credentials
from app.identities import repository as identities
from app.identities.profiles import Profile
from app.mail import repository as mails
from app.mail.repository import Mail
from app.tasks import repository as tasks
from app.tasks.feed import FeedRows
from app.tasks.leases import Checkpoint, Claim, Leases
from app.tasks.watch import TaskSource
from tests.plans.rows import EMAIL, MANY, ME, OTHER, nth

Values = dict[str, Any]

_ADDRESS = "u77@example.com"
_NOW = datetime.now(UTC)
_MINUTE = timedelta(minutes=1)
_HASH = sha256(b"77").digest()
_ORIGIN = Origin("", "", "")
_PAGES = [{"request": PageRequest(None, 20)}, {"request": PageRequest(nth(MANY // 2), 20)}]
_MAIL = Mail(nth(5), "verify", _ADDRESS, OTHER, 0)
_FAMILY = Family(nth(MANY + 1), 1, b"", None, None, 0, _NOW, _NOW + _MINUTE, _NOW + _MINUTE)
_RUNNING = [Claim(nth(MANY - 15 + each), 1, "") for each in range(10)]
_WRITTEN = [Checkpoint(claim.id, 1, "text", 7, 7, None) for claim in _RUNNING]
_KNOWN = Profile("https://accounts.example", "77", None, is_verified=False, name="")
_NEW = _KNOWN._replace(subject="new")
_TASK = {"kind": "project_plan", "prompt": "x", "fingerprint": b""}


def _all(values: list[Values], **more: Any) -> list[Values]:
    return [each | more for each in values]


QUERIES: dict[Callable[..., Any], list[Values]] = {
    accounts.add_user: [{"email": "new@example.com", "name": "Ada", "password_hash": None, "is_verified": True}],
    accounts.has_users: [{}],
    accounts.set_password_hash: [{"user_id": ME, "password_hash": "-"}],
    accounts.user: [{"user_id": ME}],
    accounts.user_by_email: [{"email": _ADDRESS}],
    profile_repository.came_from_provider: [{"session_id": ME, "within": _MINUTE}],
    profile_repository.delete: [{"user_id": OTHER}],
    profile_repository.person: [{"user_id": ME}],
    profile_repository.rename: [{"user_id": ME, "name": "Bea"}],
    registrations_repository.password_hash: [{"email": "u77@example.com"}],
    registrations_repository.put: [{"email": "new@example.com", "name": "Ada", "password_hash": "-"}],
    registrations_repository.take: [{"email": "u77@example.com", "before": _NOW}],
    sessions_repository.add: [{"family": _FAMILY, "user_id": ME, "method": "password", "origin": _ORIGIN}],
    sessions_repository.end: [{"user_id": ME}, {"user_id": ME, "only": nth(0)}, {"user_id": ME, "but": nth(0)}],
    sessions_repository.holds: [{"claims": Claims(ME, nth(1))}],
    sessions_repository.lock: [{"session_id": nth(77)}],
    sessions_repository.lock_user: [{"user_id": ME, "how": "share"}, {"user_id": ME, "how": "update"}],
    sessions_repository.note_uses: [{"uses": {nth(each): (1, "") for each in range(5)}, "within": 5}],
    sessions_repository.of_user: [{"user_id": ME}],
    sessions_repository.revoke: [{"credential_ids": [nth(77)]}],
    sessions_repository.revoked: [{"back": timedelta(minutes=6), "within": 5}],
    sessions_repository.store: [{"family": _FAMILY, "origin": _ORIGIN}],
    sessions_repository.tell_role: [{"user_id": ME, "role": "admin"}],
    admin.is_admin: [{"user_id": ME}],
    admin.lock: [{}],
    admin.page: [each | {"query": query} for each in _PAGES for query in ("", "u77", "name 77", "nobody")],
    admin.people: [{"ids": [nth(each) for each in range(20)]}],
    admin.set_disabled: [{"user_id": ME, "disabled": True}],
    admin.set_role: [{"user_id": ME, "role": "user"}],
    admin.user: [{"user_id": ME}],
    api_keys.add: [{"name": "Key", "prefix": "sk", "hashed": b"", "scopes": [], "expires_at": None}],
    api_keys.by_hash: [{"hashed": _HASH}],
    api_keys.count: [{}],
    api_keys.keys: [{}],
    api_keys.lock_owner: [{}],
    api_keys.note_use: [{"key_ids": [nth(each) for each in range(5)], "once_in": _MINUTE, "within": 5}],
    api_keys.remove: [{"key_id": nth(0)}],
    api_keys.remove_all: [{"user_id": ME}],
    audit.page: [
        *_all(_PAGES, user_id=None, actor_id=None, action=None),
        *_all(_PAGES, user_id=nth(77), actor_id=None, action=None),
        *_all(_PAGES, user_id=None, actor_id=nth(77), action=None),
        *_all(_PAGES, user_id=None, actor_id=None, action="role_changed"),
        *_all(_PAGES, user_id=None, actor_id=None, action="account_erased"),
        *_all(_PAGES, user_id=nth(77), actor_id=nth(77), action="role_changed"),
    ],
    audit_service.record: [{"action": "signed_in", "origin": _ORIGIN, "user": ME}],
    credentials.active_by_email: [{"email": _ADDRESS}],
    credentials.credentials: [{"user_id": ME}],
    credentials.has_account: [{"email": _ADDRESS}],
    credentials.lock: [{"user_id": ME}],
    credentials.set_email: [{"user_id": ME, "email": "new@example.com", "verified": True}],
    credentials.set_password: [{"user_id": ME, "password_hash": "-"}],
    credentials.set_verified: [{"user_id": ME}],
    identities.add: [{"provider": "google", "profile": _NEW, "user_id": ME}],
    identities.has_account: [{"email": _ADDRESS}],
    identities.has_password: [{"user_id": ME}],
    identities.of_user: [{"user_id": ME}],
    identities.owner: [{"profile": _KNOWN}],
    identities.remove: [{"user_id": ME, "identity_id": nth(0)}],
    identities.remove_all: [{"user_id": ME}],
    identities.used: [{"provider": "google", "profile": _KNOWN}],
    mails.add: [{"kind": "verify", "recipient": _ADDRESS, "user_id": nth(77)}],
    mails.add_link: [
        {
            "mail": _MAIL,
            "purpose": "verify",
            "user_id": user,
            "email": EMAIL,
            "hashed": str(user).encode(),
            "ttl": _MINUTE,
        }
        for user in (OTHER, None)
    ],
    mails.again: [{"mail": _MAIL, "pause": _MINUTE, "known": True}],
    mails.claim: [{"room": 5, "lease": _MINUTE}],
    mails.delete_links: [{"user_id": ME, "email": EMAIL}, {"user_id": None, "email": EMAIL}],
    mails.done: [{"mail": _MAIL}],
    mails.find_link: [{"purpose": "verify", "hashed": _HASH}],
    mails.give_up: [{"retry_for": timedelta(days=1)}],
    mails.take_link: [{"purpose": "verify", "hashed": _HASH}],
    mails.withdraw_mails: [{"user_id": user, "email": EMAIL, "kinds": ["verify"]} for user in (ME, None)],
    tasks.add: [_TASK | {"key": None}, _TASK | {"key": "new"}],
    tasks.cancel: [{"task_id": nth(MANY - 15)}],
    tasks.count_unfinished: [{}],
    tasks.cursor: [{"task_id": nth(77)}],
    tasks.exists: [{"task_id": nth(77)}],
    tasks.lock_owner: [{}],
    tasks.page: [each | {"status": status} for each in _PAGES for status in (None, "completed", "failed", "running")],
    tasks.remove: [{"task_id": nth(77)}],
    tasks.remove_all: [{"owner_id": OTHER}],
    tasks.take_quota: [{"limit": 100}],
    tasks.task: [{"task_id": nth(77)}],
    tasks.task_by_key: [{"key": f"key {MANY - 10}"}],
    FeedRows.after: [{"places": [(ME, MANY - 3), (OTHER, 1)], "limit": 100}],
    TaskSource.cursors: [{"documents": [nth(each) for each in range(5)]}],
    TaskSource.load: [{"document": nth(77)}],
    Leases.checkpoint: [{"checkpoints": _WRITTEN}],
    Leases.claim: [{"room": 3}],
    Leases.confirm: [{"task_id": _RUNNING[0].id, "attempt": 1}],
    Leases.extend: [{"claims": _RUNNING}],
    Leases.fail_exhausted: [{}],
    Leases.finish: [
        {"claim": _RUNNING[0], "status": "completed", "text": "text", "result": None, "error": None, "tokens": 7}
    ],
    Leases.finished: [{"claim": _RUNNING[0]}],
    Leases.hand_back: [{"claims": _RUNNING}],
    Leases.prune_feed: [{}],
    Leases.still_ours: [{"claims": _RUNNING}],
}


def all_queries() -> Iterator[Callable[..., Any]]:
    """The public coroutines of every repository, and of the classes that ask of tasks what workers and hubs want."""
    names = [module.name for module in walk_packages(app.__path__, "app.")]
    repositories = [import_module(name) for name in names if name.endswith("repository")]
    places: list[Any] = [*repositories, Leases, FeedRows, TaskSource]
    for place in places:
        for name, value in inspect.getmembers(place, inspect.iscoroutinefunction):
            if not name.startswith("_") and value.__module__ in {place.__name__, place.__dict__.get("__module__")}:
                yield value
