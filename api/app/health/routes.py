"""Life and readiness: a platform gates traffic on the first and a start on the second."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from starlette.requests import HTTPConnection

from app.core.errors import Problem, problems
from app.health.checks import Checks, Readiness

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The process lives."""

    status: Literal["ok"]


class Ready(BaseModel):
    """Whether what the process needs is there."""

    checks: Checks


class NotReady(Problem):
    """The process can't do its work now."""

    status, code = 503, "not_ready"
    body = Ready

    def __init__(self, detail: str | None = None, *, checks: Checks) -> None:
        super().__init__(detail, headers={"Retry-After": "1"}, checks=checks.model_dump())


async def _readiness(connection: HTTPConnection) -> Readiness:
    readiness: Readiness = connection.app.state.readiness
    return readiness


@router.get("/healthz")
async def get_health() -> Health:
    """Whether the process lives."""
    return Health(status="ok")


@router.get("/readyz", responses=problems(NotReady))
async def get_readiness(connection: HTTPConnection, readiness: Annotated[Readiness, Depends(_readiness)]) -> Ready:
    """Whether the process can do its work: it is neither cut off from a store nor about to leave."""
    checks = await readiness.checks()
    hub = connection.app.state.hub
    if hub.is_draining:
        raise NotReady("The process is about to end.", checks=checks)
    if not hub.is_well or not checks.are_well:
        raise NotReady(checks=checks)
    return Ready(checks=checks)
