"""What happens when somebody comes back from a provider, and when they let one go."""

from typing import NamedTuple
from uuid import UUID

import structlog
from pydantic import BaseModel

from app.accounts import repository as accounts
from app.accounts import sessions_repository
from app.accounts.errors import AccountDisabled
from app.accounts.sessions import Sessions, SignIn
from app.audit import service as audit
from app.core.db import WriteTransaction
from app.core.errors import NotFound, Unavailable
from app.core.limits import RateLimited, RequestLimits
from app.core.origin import Origin
from app.identities import paths, repository
from app.identities.attempts import Attempt
from app.identities.errors import LastWayIn, Refused, SignInError
from app.identities.profiles import Profile
from app.identities.provider import Answer, Provider
from app.settings import IdentitySettings

log = structlog.get_logger(__name__)

# what a provider may say instead of a code (RFC 6749, 4.1.2.1): all others are about how we asked
_SAID: dict[str, SignInError] = {
    "access_denied": "denied",
    "consent_required": "denied",
    "interaction_required": "denied",
    "login_required": "denied",
    "server_error": "provider_unavailable",
    "temporarily_unavailable": "provider_unavailable",
}


class Returned(BaseModel):
    """What a browser brings back from a provider."""

    code: str | None = None
    error: str | None = None
    iss: str | None = None


class Landing(NamedTuple):
    """Where the browser goes on, and the session that it has there."""

    path: str
    sign_in: SignIn | None = None
    is_there: bool = False
    """Whether it is at the provider's."""


def failed(provider: str, attempt: Attempt | None, error: SignInError) -> Landing:
    """The page that says what went wrong, from which to try again."""
    what = {"error": error, "provider": provider}
    if attempt and attempt.user_id:
        return Landing(paths.with_query(attempt.next, **what))
    return Landing(paths.with_query(paths.SIGN_IN, **what, next=attempt.next if attempt else paths.HOME))


async def begin(limits: RequestLimits, *, name: str, provider: Provider, attempt: Attempt, link: bool) -> Landing:
    """The way to the provider, or the page that says why not."""
    if link and attempt.user_id is None:  # that page knows the way back for a session that only has to be refreshed
        return Landing(paths.with_query(paths.SIGN_IN, next=attempt.next))
    try:
        await limits.by_address("sign_ins")
        return Landing(await provider.authorization_url(attempt), is_there=True)
    except RateLimited:
        return failed(name, attempt, "too_many_attempts")
    except Unavailable:
        return failed(name, attempt, "unavailable")
    except Refused as refused:
        _log(name, refused)
        return failed(name, attempt, refused.error)


async def finish(
    tx: WriteTransaction,
    *,
    name: str,
    provider: Provider,
    attempt: Attempt | None,
    returned: Returned,
    present: UUID | None,
    sessions: Sessions,
    limits: RequestLimits,
    origin: Origin,
) -> Landing:
    """Signs in, or links, whoever came back. `present` is the session that the browser has now."""
    try:
        attempt = _begun(attempt)
        profile = await _profile(provider, attempt, returned)
        # not by address, which a web server in between may hide: without a count there is no sign-in
        await limits.by_account("sign_ins", f"{profile.issuer} {profile.subject}")
        if attempt.user_id:
            return await _link(tx, name, attempt, profile, present=present, origin=origin)
        return await _sign_in(tx, name, attempt, profile, sessions=sessions, origin=origin)
    except RateLimited:
        return failed(name, attempt, "too_many_attempts")
    except Unavailable:
        return failed(name, attempt, "unavailable")
    except AccountDisabled:
        return failed(name, attempt, "account_disabled")
    except Refused as refused:
        _log(name, refused)
        if attempt:
            who, method = attempt.user_id, f"oauth:{name}"
            await audit.record(tx, "sign_in_failed", origin=origin, user=who, method=method, reason=refused.error)
        return failed(name, attempt, refused.error)


def _log(name: str, refused: Refused) -> None:
    log.warning("a sign-in at a provider failed", provider=name, error=refused.error, reason=refused.reason)


def _begun(attempt: Attempt | None) -> Attempt:
    if attempt is None:  # in another browser, too long ago, or never
        raise Refused("attempt_expired", "no such attempt in this browser")
    return attempt


async def _profile(provider: Provider, attempt: Attempt, returned: Returned) -> Profile:
    if returned.error is not None:
        error = _SAID.get(returned.error, "provider_refused")
        raise Refused(error, "it says so")
    if not returned.code:
        raise Refused("provider_refused", "it brings neither a code nor an error")
    return await provider.profile(Answer(returned.code, returned.iss), attempt)


async def _sign_in(
    tx: WriteTransaction, name: str, attempt: Attempt, profile: Profile, *, sessions: Sessions, origin: Origin
) -> Landing:
    user_id = await repository.owner(tx, profile) or await _register(tx, name, profile, origin=origin)
    await repository.used(tx, name, profile)
    method = f"oauth:{name}:fresh" if attempt.fresh else f"oauth:{name}"  # the provider was made to ask
    sign_in = await sessions.start(tx, user_id=user_id, origin=origin, method=method)
    return Landing(attempt.next, sign_in)


async def _register(tx: WriteTransaction, name: str, profile: Profile, *, origin: Origin) -> UUID:
    """Makes an account for somebody new."""
    # an address proves nothing that the provider doesn't vouch for, and an account with it may be somebody else's
    if profile.email is None or not profile.is_verified:
        raise Refused("email_unverified", "it does not vouch for an address")
    user = await accounts.add_user(tx, email=profile.email, name=profile.name, password_hash=None, is_verified=True)
    if user is None:
        # or another tab was faster: by now the identity may be known
        if user_id := await repository.owner(tx, profile):
            return user_id
        raise Refused("account_exists", "its address is an account's")
    await repository.add(tx, name, profile, user_id=user.id)
    await audit.record(tx, "registered", origin=origin, actor=user.id, user=user.id, method=f"oauth:{name}")
    return UUID(str(user.id))


async def _link(
    tx: WriteTransaction, name: str, attempt: Attempt, profile: Profile, *, present: UUID | None, origin: Origin
) -> Landing:
    """Lets the identity sign in as the user who asked for it, if that is still who sits there."""
    user_id, session_id = attempt.user_id, attempt.session_id
    session = await sessions_repository.lock(tx, session_id) if session_id else None
    # the access token may have run out at the provider's; the session has to be there, and no other one instead of it
    if (
        user_id is None
        or session is None
        or session.user_id != user_id
        or session.disabled_at
        or session.expires_at <= session.now
        or present not in {None, session_id}
    ):
        raise Refused("session_ended", "the session that asked for it has ended")
    if await repository.add(tx, name, profile, user_id=user_id):
        await audit.record(tx, "identity_linked", origin=origin, actor=user_id, user=user_id, provider=name)
    elif await repository.owner(tx, profile) != user_id:
        raise Refused("identity_taken", "it signs in as somebody else")
    return Landing(paths.with_query(attempt.next, linked=name))


async def unlink(
    tx: WriteTransaction, *, user_id: UUID, identity_id: UUID, settings: IdentitySettings, origin: Origin
) -> None:
    """Takes an identity's right to sign in as the user. Raises NotFound and LastWayIn."""
    # two at once would each be the other's last way
    user = await sessions_repository.lock_user(tx, user_id, how="update")
    mine = await repository.of_user(tx, user_id)
    gone = next((row for row in mine if row.id == identity_id), None)
    if user is None or gone is None:
        raise NotFound
    usable = {offered.id for offered in settings.offered}
    others = [row for row in mine if row.id != identity_id and row.provider in usable]
    if user.password_hash is None and not others:
        raise LastWayIn
    await repository.remove(tx, user_id, identity_id)
    await audit.record(tx, "identity_unlinked", origin=origin, actor=user_id, user=user_id, provider=gone.provider)


async def unlink_all(tx: WriteTransaction, *, user_id: UUID, actor: UUID | None, origin: Origin) -> None:
    """Takes the right to sign in as the user from every identity. It is an `EndAccess`."""
    for provider in await repository.remove_all(tx, user_id):
        await audit.record(tx, "identity_unlinked", origin=origin, actor=actor, user=user_id, provider=provider)
