"""API keys over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from app.api_keys import repository, service
from app.api_keys.authentication import Keys
from app.api_keys.errors import TooManyKeys
from app.api_keys.schemas import ApiKey, ApiKeyCreate, ApiKeyList, NewApiKey
from app.core.caller import SignedIn
from app.core.db import ReadOnly, Transaction
from app.core.errors import problems
from app.core.limits import per_account
from app.core.origin import RequestOrigin

router = APIRouter(prefix="/api-keys", tags=["api_keys"])

KeyId = Annotated[UUID, Path(alias="id", description="The key's id, not the key")]


@router.post("", status_code=201, responses=problems(TooManyKeys))
async def create_api_key(
    body: ApiKeyCreate,
    caller: SignedIn,
    _limit: Annotated[None, per_account("keys")],
    tx: Transaction,
    api_keys: Keys,
    origin: RequestOrigin,
) -> NewApiKey:
    """Makes a key for a machine. It is shown in this answer, and never again."""
    made = await service.create(tx, caller=caller, body=body, api_keys=api_keys, origin=origin)
    return NewApiKey(**ApiKey.model_validate(made.row).model_dump(), key=made.key)


@router.get("")
async def list_api_keys(caller: SignedIn, db: ReadOnly) -> ApiKeyList:
    """Your keys, the newest first, by their first characters."""
    return ApiKeyList(items=[ApiKey.model_validate(row) for row in await repository.keys(db, caller)])


@router.delete("/{id}", status_code=204, response_class=Response)
async def delete_api_key(
    key_id: KeyId, caller: SignedIn, tx: Transaction, api_keys: Keys, origin: RequestOrigin
) -> None:
    """Revokes a key: it is refused at once, and what it opened is closed within a second."""
    await service.revoke(tx, caller=caller, key_id=key_id, api_keys=api_keys, origin=origin)
