"""The contract: what FastAPI knows of the routes, and what it doesn't. `python -m app.contract` prints it."""

import json
import sys
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts
from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from app.core.caller import calling
from app.core.errors import (
    MEDIA_TYPE,
    CrossSite,
    InternalError,
    InvalidBody,
    InvalidRequest,
    NotFound,
    Problem,
    ProblemDetails,
    TooLarge,
    UnsupportedMediaType,
    problems,
    raised_by,
)
from app.core.security import SCHEMES, Way, admitted_by

_REF = "#/components/schemas/{model}"
_UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def document(app: FastAPI, events: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI document of the app's routes, with the unions in `events` as components."""
    found = get_openapi(title=app.title, version=app.version, routes=app.routes, separate_input_output_schemas=False)
    schemas = found["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    _, shared = models_json_schema([(ProblemDetails, "serialization")], ref_template=_REF)
    schemas.update(shared["$defs"])
    for name, union in events.items():
        schema = TypeAdapter(union).json_schema(mode="serialization", ref_template=_REF)
        schemas.update(schema.pop("$defs"))
        schemas[name] = schema
    found["components"]["securitySchemes"] = SCHEMES
    for route in iter_route_contexts(app.routes):
        for method in route.methods or ():
            operation = found["paths"].get(route.path_format, {}).get(method.lower())
            if operation:
                operation["summary"], _, more = operation.pop("description").partition("\n\n")
                if more:
                    operation["description"] = more
                operation["responses"] = _responses(operation["responses"], set(_problems_of(route.dependant, method)))
                operation["security"] = _security_of(route.dependant)
                _frame_events(operation["responses"])
    return found


def text(found: dict[str, Any]) -> str:
    """The document as it is committed: sorted, so that a difference is a change."""
    return json.dumps(found, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _responses(declared: dict[str, Any], implied: set[type[Problem]]) -> dict[str, Any]:
    """The declared answers, with the codes of the problems that follow from what the route takes."""
    successes = {status: answer for status, answer in declared.items() if status.startswith(("2", "3"))}
    failures = {str(status): answer for status, answer in problems(*implied).items()}
    for status, answer in declared.items():
        if status in successes or MEDIA_TYPE not in answer.get("content", {}):
            continue  # FastAPI's own 422 is not what is answered
        codes = set(_codes(answer))
        if status in failures:
            codes.update(_codes(failures[status]))
        failures[status] = answer
        _codes(answer)[:] = sorted(codes)
    return dict(sorted({**successes, **failures}.items()))


def _frame_events(answers: dict[str, Any]) -> None:
    """A route names the union of a stream's events; on the wire each of them is the data of a frame."""
    for answer in answers.values():
        if stream := answer.get("content", {}).get("text/event-stream"):
            data = {"type": "string", "contentMediaType": "application/json", "contentSchema": stream["schema"]}
            stream["schema"] = {
                "type": "object",
                "description": "A frame. `event` is the `type` in its data, `id` the cursor, where it moves.",
                "properties": {"event": {"type": "string"}, "id": {"type": "string"}, "data": data},
                "required": ["event", "data"],
            }


def _codes(answer: dict[str, Any]) -> list[str]:
    codes: list[str] = answer["content"][MEDIA_TYPE]["schema"]["allOf"][-1]["properties"]["code"]["enum"]
    return codes


def _problems_of(route: Dependant, method: str) -> Iterator[type[Problem]]:
    yield InternalError
    for dependant in _all(route):
        if dependant.call:
            yield from raised_by(dependant.call)
        if dependant.call is calling and method in _UNSAFE:
            yield CrossSite
        if dependant.path_params:
            yield NotFound
        if dependant.query_params or dependant.header_params:
            yield InvalidRequest
        if dependant.body_params:
            yield from (InvalidBody, TooLarge, UnsupportedMediaType)


def _security_of(route: Dependant) -> list[Way]:
    """The ways to call it, one of which is enough; none where anybody may."""
    said = list(_admissions(route))
    if any(ways != said[0] for ways in said):
        raise ValueError(f"{route.call} lets through by different ways: {said}")
    return [dict(way) for way in said[0]] if said else []


def _admissions(dependant: Dependant) -> Iterator[tuple[Way, ...]]:
    if dependant.call and (ways := admitted_by(dependant.call)):
        yield ways  # what it depends on lets more through
        return
    for inner in dependant.dependencies:
        yield from _admissions(inner)


def _all(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for inner in dependant.dependencies:
        yield from _all(inner)


if __name__ == "__main__":
    from app.main import build
    from app.main import document as of

    sys.stdout.write(text(of(build())))
