"""Turns whatever goes wrong in a request into a problem."""

from collections.abc import Iterator
from typing import Any

import asyncpg
import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.core.errors import (
    FieldError,
    InternalError,
    InvalidBody,
    InvalidRequest,
    MethodNotAllowed,
    NotFound,
    Problem,
    TooLarge,
    Unauthenticated,
    Unavailable,
    UnsupportedMediaType,
)
from app.core.schemas import escaped

log = structlog.get_logger(__name__)

# classes 08 connection, 53 resources, 57 shutdown; lock time-out, deadlock, idle transaction, read-only standby
_AWAY = ("08", "53", "57", "55P03", "40P01", "25P03", "25006")


def install(app: FastAPI) -> None:
    """Registers the handlers. What they don't know reaches the outermost middleware, which answers 500."""
    told: tuple[type[Exception], ...] = (Problem, HTTPException, RequestValidationError)
    stores: tuple[type[Exception], ...] = (DBAPIError, PoolTimeoutError, asyncpg.PostgresError, RedisError, OSError)
    for error in told:
        app.add_exception_handler(error, _told)
    for error in stores:
        app.add_exception_handler(error, _maybe_away)


async def _told(request: Request, error: Exception) -> Response:
    return problem_of(request, error).response(request.scope)


async def _maybe_away(request: Request, error: Exception) -> Response:
    if _is_of_nobody(error):
        return Unauthenticated().response(request.scope)
    if not is_away(error):
        raise error
    log.warning("a store is away", error=repr(error))
    return Unavailable().response(request.scope)


def is_away(error: Exception) -> bool:
    """Whether a store can't be reached or is too busy, as opposed to being asked something wrong."""
    # a table that a migration has just changed: the driver has forgotten its plans now, the next try makes new ones
    if isinstance(_said_by_driver(error), asyncpg.InvalidCachedStatementError):
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or (getattr(error.orig, "sqlstate", None) or "").startswith(_AWAY)
    if isinstance(error, asyncpg.PostgresError):
        return (error.sqlstate or "").startswith(_AWAY)
    return isinstance(error, (PoolTimeoutError, RedisError, OSError))


def _is_of_nobody(error: Exception) -> bool:
    """Whether a write is for an account that was erased since its token was looked at."""
    cause = _said_by_driver(error)
    return isinstance(cause, asyncpg.ForeignKeyViolationError) and (cause.constraint_name or "").endswith("_users")


def _said_by_driver(error: Exception) -> BaseException | None:
    """The driver's own error; a read that is compiled once raises it as it is."""
    return error.orig and error.orig.__cause__ if isinstance(error, DBAPIError) else error


def problem_of(request: Request, error: Exception) -> Problem:
    """The problem behind an error of ours, of the router's or of the validation's."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        return _invalid(request, error)
    return _of_status(request, error) if isinstance(error, HTTPException) else InternalError()


def _of_status(request: Request, error: HTTPException) -> Problem:
    match error.status_code:
        case 404:
            return NotFound()
        case 405:
            return MethodNotAllowed(headers={"Allow": ", ".join(sorted(_methods_at(request)))})
        case 413:
            return TooLarge()
        case 400:  # FastAPI gave up on the body: not UTF-8, too deep, a number without end
            return InvalidBody(errors=[FieldError(pointer="", code="json_invalid", message="It is not JSON")])
    log.error("an error that is no problem", status=error.status_code, detail=error.detail)
    return InternalError()


def _invalid(request: Request, error: RequestValidationError) -> Problem:
    found = error.errors()
    places = {entry["loc"][0] for entry in found}
    if "path" in places:
        return NotFound()
    if outside := [entry for entry in found if entry["loc"][0] != "body"]:
        return InvalidRequest("; ".join(f"{_name(entry['loc'])}: {entry['msg']}" for entry in outside))
    has_body = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    if has_body and not _is_json(request.headers.get("content-type", "")):
        return UnsupportedMediaType()
    return InvalidBody(errors=list(_field_errors(found)))


def _methods_at(request: Request) -> set[str]:
    """What the address takes. The router names the methods of the first route there only."""
    routes = iter_route_contexts(request.app.routes)
    path = request.scope["path"]
    return set().union(*(route.methods or () for route in routes if route.path_regex.match(path)))


def _is_json(content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type == "application/json" or (media_type.startswith("application/") and media_type.endswith("+json"))


def _field_errors(found: Any) -> Iterator[FieldError]:
    for entry in found:
        place = () if entry["type"] == "json_invalid" else entry["loc"][1:]
        pointer = entry.get("ctx", {}).get("pointer", "".join(f"/{escaped(part)}" for part in place))
        yield FieldError(pointer=pointer, code=entry["type"], message=entry["msg"].removeprefix("Value error, "))


def _name(place: tuple[Any, ...]) -> str:
    return ".".join(str(part) for part in place[1:])
