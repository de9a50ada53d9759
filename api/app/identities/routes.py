"""Signing in at providers, and the identities of an account, over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response

from app.accounts.authentication import Auth
from app.core.caller import Caller, SignedIn, calling, require
from app.core.db import ReadOnly, Transaction
from app.core.errors import InsufficientScope, NotFound, Unauthenticated, problems
from app.core.limits import Limits
from app.core.origin import RequestOrigin
from app.core.same_site import SameSite
from app.identities import paths, repository, service
from app.identities.errors import LastWayIn
from app.identities.provider import Provider
from app.identities.providers import Identities
from app.identities.schemas import Identity, IdentityList

router = APIRouter(tags=["identities"])

_REDIRECT: dict[int | str, dict[str, Any]] = {
    302: {"description": "Found", "headers": {"Location": {"required": True, "schema": {"type": "string"}}}}
}


async def _identities(connection: HTTPConnection) -> Identities:
    identities: Identities = connection.app.state.identities
    return identities


All = Annotated[Identities, Depends(_identities)]
"""Every provider, and the attempts to sign in there."""


Name = Annotated[str, Path(alias="provider", description="The provider's id", examples=["github"])]


async def _provider(name: Name, identities: All) -> Provider:
    if name not in identities.providers:
        raise NotFound
    return identities.providers[name]


At = Annotated[Provider, Depends(_provider)]
"""The provider in the path. Raises NotFound for one that is not configured."""

IdentityId = Annotated[UUID, Path(alias="id", description="The identity")]
Next = Annotated[str | None, Query(alias="next", max_length=1_000, description="The page to go on to afterwards")]
Link = Annotated[bool, Query(description="To link the identity to the account that is signed in")]
Fresh = Annotated[bool, Query(description="To have the provider ask who it is, even if it knows")]


async def _linking(connection: HTTPConnection, *, link: Link = False) -> Caller | None:
    """Whose session it is, where that is asked; a key links nothing."""
    if not link:
        return None
    try:
        return require(await calling(connection), None)
    except (Unauthenticated, InsufficientScope):
        return None


Linking = Annotated[Caller | None, Depends(_linking)]

Code = Annotated[str | None, Query(max_length=4_096, description="What the provider gives for the tokens")]
State = Annotated[str, Query(max_length=200, description="What the provider was given at the start")]
Error = Annotated[str | None, Query(max_length=200, description="Why there is no code")]
Issuer = Annotated[str | None, Query(max_length=500, description="The provider's name for itself (RFC 9207)")]


@router.get("/auth/{provider}/start", status_code=302, response_class=RedirectResponse, responses=_REDIRECT)
async def start_sign_in(  # noqa: PLR0917
    name: Name,
    at: At,
    _: SameSite,
    identities: All,
    limits: Limits,
    caller: Linking,
    request: Request,
    next_path: Next = None,
    *,
    link: Link = False,
    fresh: Fresh = False,
) -> Response:
    """Sends the browser to the provider, with a cookie that knows it when it comes back."""
    attempt = identities.attempts.begin(
        name, next_path=paths.safe_next(next_path, paths.LINKED if link else paths.HOME), fresh=fresh, link_to=caller
    )
    landing = await service.begin(limits, name=name, provider=at, attempt=attempt, link=link)
    response = RedirectResponse(landing.path, 302)
    if landing.is_there:
        identities.attempts.keep(request, response, attempt)
    return response


@router.get("/auth/{provider}/callback", status_code=302, response_class=RedirectResponse, responses=_REDIRECT)
async def finish_sign_in(  # noqa: PLR0917
    name: Name,
    at: At,
    identities: All,
    tx: Transaction,
    auth: Auth,
    limits: Limits,
    origin: RequestOrigin,
    request: Request,
    state: State = "",
    code: Code = None,
    error: Error = None,
    iss: Issuer = None,
) -> Response:
    """Where the provider sends the browser back to: signs in or links, and goes on to a page that says how it went."""
    response = RedirectResponse("/", 302)
    attempt = identities.attempts.take(request, response, provider=name, state=state)
    claims = auth.claims(request)
    landing = await service.finish(
        tx,
        name=name,
        provider=at,
        attempt=attempt,
        returned=service.Returned(code=code, error=error, iss=iss),
        present=claims and claims.session_id,
        sessions=auth.sessions,
        limits=limits,
        origin=origin,
    )
    response.headers["Location"] = landing.path
    if landing.sign_in:
        await auth.enter(tx, request, response, landing.sign_in, origin=origin)
    return response


@router.get("/me/identities")
async def list_identities(caller: SignedIn, db: ReadOnly, request: Request) -> IdentityList:
    """The accounts elsewhere that may sign in as the caller, and whether there is a password."""
    names = dict(request.app.state.settings.identities.offered)
    rows = await repository.of_user(db, caller.user_id)
    items = [
        Identity.model_validate({**row._mapping, "name": names.get(row.provider, row.provider)})  # noqa: SLF001
        for row in rows
    ]
    return IdentityList(items=items, has_password=await repository.has_password(db, caller.user_id))


@router.delete("/me/identities/{id}", status_code=204, response_class=Response, responses=problems(LastWayIn))
async def delete_identity(
    identity_id: IdentityId, caller: SignedIn, tx: Transaction, origin: RequestOrigin, request: Request
) -> None:
    """Takes an identity's right to sign in as the caller, unless it is the last way in."""
    settings = request.app.state.settings.identities
    await service.unlink(tx, user_id=caller.user_id, identity_id=identity_id, settings=settings, origin=origin)
