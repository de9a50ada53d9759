"""Answers plain reads by the steps that their signature says, worked out once.

FastAPI goes through a route's tree of dependencies at each request and holds what they might want to close: of a small
answer that was half. A route is plain when it reads no body, nothing is to be closed, and it answers one model as JSON.
All others, and every request that isn't valid, are FastAPI's.
"""

from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any, NamedTuple

from fastapi.datastructures import DefaultPlaceholder
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from fastapi.exceptions import ResponseValidationError
from fastapi.routing import RouteContext
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

_TYPE = (b"content-type", b"application/json")


class _Step(NamedTuple):
    """One call, after those that it needs the results of."""

    call: Callable[..., Any]
    needs: tuple[tuple[str, int], ...]
    connection: str | None
    parameters: tuple[tuple[Any, str], ...]
    """Fields, and the part of the request that they are read from."""


class _NotPlain(Exception):  # noqa: N818 - nothing is wrong with it
    pass


def prepared(route: RouteContext) -> ASGIApp:
    """The route's application where it is plain, else the one that FastAPI made."""
    try:
        return _Plain(route)
    except _NotPlain:
        app: ASGIApp = route.app
        return app


class _Plain:
    def __init__(self, route: RouteContext) -> None:
        _must_be_plain(route)
        self._steps: list[_Step] = []
        self._add(route.dependant, {})
        self._field = route.response_field
        self._status = route.status_code or 200
        self._overrides = route.dependency_overrides_provider
        self._otherwise: ASGIApp = route.app

    def _add(self, dependant: Dependant, known: dict[Callable[..., Any], int]) -> int:
        call = dependant.call
        more = (
            dependant.body_params,
            dependant.websocket_param_name,
            dependant.response_param_name,
            dependant.background_tasks_param_name,
            dependant.security_scopes_param_name,
            dependant.own_oauth_scopes,
            dependant.concurrency,
        )
        if call is None or not iscoroutinefunction(call) or not dependant.use_cache or any(more):
            raise _NotPlain
        if call not in known:
            needs = [(sub.name, self._add(sub, known)) for sub in dependant.dependencies]
            named = tuple((name, at) for name, at in needs if name is not None)
            connection = dependant.http_connection_param_name or dependant.request_param_name
            known[call] = len(self._steps)
            self._steps.append(_Step(call, named, connection, _parameters(dependant)))
        return known[call]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        given = None if self._overrides and self._overrides.dependency_overrides else self._given(request)
        if given is None:
            await self._otherwise(scope, receive, send)
            return
        results: list[Any] = []
        for step, arguments in zip(self._steps, given, strict=True):
            for name, at in step.needs:
                arguments[name] = results[at]
            if step.connection:
                arguments[step.connection] = request
            results.append(await step.call(**arguments))
        if isinstance(results[-1], Response):
            await results[-1](scope, receive, send)
            return
        value, errors = self._field.validate(results[-1], {}, loc=("response",))
        if errors:
            raise ResponseValidationError(errors=errors, body=results[-1])
        body = self._field.serialize_json(value)
        headers = [(b"content-length", str(len(body)).encode()), _TYPE]
        await send({"type": "http.response.start", "status": self._status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _given(self, request: Request) -> list[dict[str, Any]] | None:
        """What the request gives each step, or None where anything of it isn't valid: before any of them is called."""
        given = []
        for step in self._steps:
            arguments: dict[str, Any] = {}
            for fields, part in step.parameters:
                values, errors = request_params_to_args(fields, getattr(request, part))
                if errors:
                    return None
                arguments |= values
            given.append(arguments)
        return given


def _parameters(dependant: Dependant) -> tuple[tuple[Any, str], ...]:
    fields = {
        "path_params": dependant.path_params,
        "query_params": dependant.query_params,
        "headers": dependant.header_params,
        "cookies": dependant.cookie_params,
    }
    return tuple((own, part) for part, own in fields.items() if own)


def _must_be_plain(route: RouteContext) -> None:
    changed = (
        route.body_field,
        route.response_model_include,
        route.response_model_exclude,
        route.response_model_exclude_unset,
        route.response_model_exclude_defaults,
        route.response_model_exclude_none,
        not route.response_model_by_alias,
        not isinstance(route.response_class, DefaultPlaceholder),
        route.response_field is None,
        "GET" not in (route.methods or ()),
    )
    if any(changed):
        raise _NotPlain
