"""How passwords are kept: never more weakly than they have to be, whatever a setting or a library says."""

import asyncio
from threading import Event

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from app.accounts.passwords import Passwords, WeakHashError, require_strong
from app.core.errors import Unavailable
from app.settings import AuthSettings, Settings

SALT, DIGEST = "A" * 22, "B" * 43


def made(kind: str = "argon2id", v: int = 19, m: int = 65_536, t: int = 3, p: int = 4, **parts: str) -> str:
    return f"${kind}$v={v}$m={m},t={t},p={p}${parts.get('salt', SALT)}${parts.get('digest', DIGEST)}"


def test_the_second_choice_of_rfc_9106_is_enough_and_more_is_welcome() -> None:
    require_strong(made())
    require_strong(made(m=131_072, t=4, p=8))


@pytest.mark.parametrize(
    "weak",
    [
        made(kind="argon2i"),
        made(kind="argon2d"),
        made(v=16),
        made(m=65_535),
        made(t=2),
        made(p=1),
        made(salt="A" * 21),
        made(digest="B" * 42),
        "$2b$12$abcdefghijklmnopqrstuv",
        "",
    ],
)
def test_anything_less_is_refused(weak: str) -> None:
    with pytest.raises(WeakHashError) as refused:
        require_strong(weak)

    assert DIGEST not in str(refused.value)


@pytest.mark.parametrize(("name", "value"), [("password_hash_passes", 2), ("password_hash_memory", 65_535 * 1_024)])
def test_a_setting_that_slips_by_is_refused_at_start(settings: Settings, name: str, value: int) -> None:
    weak = settings.auth.model_copy(update={name: value})  # which nothing validates

    with pytest.raises(WeakHashError):
        Passwords(weak)


@pytest.mark.parametrize(("name", "value"), [("PASSWORD_HASH_PASSES", "2"), ("PASSWORD_HASH_MEMORY", "65536")])
def test_a_setting_can_not_make_it_weaker(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ValueError, match="greater than or equal"):
        AuthSettings()


def test_a_library_with_weaker_habits_is_refused_at_start(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.accounts.passwords.Argon2Hasher", lambda **_: Argon2Hasher(time_cost=1, memory_cost=8_192))

    with pytest.raises(WeakHashError):
        Passwords(settings.auth)


async def test_a_hash_that_is_none_of_ours_is_no_password_s(settings: Settings) -> None:
    passwords = Passwords(settings.auth)
    try:
        answers = [await passwords.verify("-", stored) for stored in (None, "", "-", "$2b$12$abc")]
        assert await passwords.verify("nobody has this password", None) == (False, None)
    finally:
        passwords.close()

    assert answers == [(False, None)] * 4


@pytest.mark.parametrize(("bound", "value"), [("_WAIT_WITHIN", 0.0), ("_MOST_WAITING", 0)])
async def test_nobody_waits_behind_a_crowd_for_ever(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, bound: str, value: float
) -> None:
    passwords = Passwords(settings.auth.model_copy(update={"password_hashes_at_once": 1}))
    begun, done = asyncio.Event(), Event()
    loop = asyncio.get_running_loop()

    def busy() -> None:
        loop.call_soon_threadsafe(begun.set)
        done.wait()

    first = asyncio.create_task(passwords._run(busy))
    try:
        await begun.wait()
        monkeypatch.setattr(f"app.accounts.passwords.{bound}", value)
        with pytest.raises(Unavailable):
            await passwords.hash("six calm otters at noon")
    finally:
        done.set()
        await first
    monkeypatch.undo()

    kept = await passwords.hash("six calm otters at noon")
    assert await passwords.verify("six calm otters at noon", kept) == (True, None)
    passwords.close()
