"""Finds a request's route in one look: the framework asks router after router and route after route, and each twice.

It stands in the router's place and gives it whatever it doesn't find, so that refusals, sockets and what is added later
are the framework's.
"""

import re
from typing import Any, NamedTuple

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.convertors import Convertor, PathConvertor
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.prepared import prepared


class _Place(NamedTuple):
    """A route where it is included."""

    app: ASGIApp
    route: Route
    endpoint: Any
    regex: re.Pattern[str]
    convertors: dict[str, Convertor[Any]]


class Dispatch:
    """The routes of an application by method and path, as they are when the first request comes."""

    def __init__(self, app: FastAPI) -> None:
        self._router = app.router
        self._otherwise = app.router.middleware_stack
        self._plain: dict[tuple[str, str], _Place] = {}
        self._varied: dict[tuple[str, int], list[_Place]] = {}
        self._is_ready = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # below another path, or watched by the framework's own telemetry: it knows how
        if scope["type"] == "http" and not scope.get("root_path") and scope.get("fastapi.telemetry") is None:
            if not self._is_ready:
                self._read()
            method, path = scope["method"], scope["path"]
            if place := self._plain.get((method, path)):
                await self._to(place, {}, scope, receive, send)
                return
            for place in self._varied.get((method, path.count("/")), ()):
                if match := place.regex.match(path):
                    given = {name: place.convertors[name].convert(value) for name, value in match.groupdict().items()}
                    await self._to(place, given, scope, receive, send)
                    return
        await self._otherwise(scope, receive, send)

    async def _to(self, place: _Place, given: dict[str, Any], scope: Scope, receive: Receive, send: Send) -> None:
        scope["router"] = self._router
        scope["route"] = place.route
        scope["endpoint"] = place.endpoint
        scope["path_params"] = given
        await place.app(scope, receive, send)

    def _read(self) -> None:
        """The first route that takes a method at a path has it, as in the framework's search."""
        for context in iter_route_contexts(self._router.routes):
            route = context.original_route
            if isinstance(route, WebSocketRoute):
                continue
            if not isinstance(route, Route) or PathConvertor in map(type, context.param_convertors.values()):
                break  # it takes paths of any length: what comes after it may be its own
            path = context.path_format or ""
            # a class of its own has ways of its own
            app = prepared(context) if type(route) is APIRoute else self._otherwise
            place = _Place(app, route, context.endpoint, context.path_regex, context.param_convertors)
            for method in context.methods or ():
                own = self._varied.setdefault((method, path.count("/")), [])
                if place.convertors:
                    own.append(place)
                elif not any(earlier.regex.match(path) for earlier in own):
                    self._plain.setdefault((method, path), place)
        self._is_ready = True


def install(app: FastAPI) -> None:
    """Has the application's router look here first."""
    app.router.middleware_stack = Dispatch(app)
