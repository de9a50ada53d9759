"""The twin of `make bench-api`: a task read by hand from a pool of asyncpg; all around it is the real one's."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Depends, Path

from app.core.caller import Caller, allowed
from app.core.errors import NotFound
from app.settings import get_settings
from app.tasks.schemas import Task

router = APIRouter()

_TASK = """
    SELECT id, kind, status, prompt, result, error, attempt, created_at, started_at, finished_at, text
    FROM tasks WHERE owner_id = $1 AND id = $2
"""
_pools: list[Any] = []
_making = asyncio.Lock()


async def _pool() -> Any:
    async with _making:
        if _pools:
            return _pools[0]
        settings = get_settings().database
        url, size = settings.url.get_secret_value(), settings.pool_size
        _pools.append(await asyncpg.create_pool(url, min_size=size, max_size=size))
        return _pools[0]


@router.get("/bench/twin/{id}")
async def twin(
    task_id: Annotated[UUID, Path(alias="id")],
    caller: Annotated[Caller, Depends(allowed("tasks:read"))],
    pool: Annotated[Any, Depends(_pool)],
) -> Task:
    row = await pool.fetchrow(_TASK, caller.user_id, task_id)
    if row is None:
        raise NotFound
    return Task.model_validate(dict(row))
