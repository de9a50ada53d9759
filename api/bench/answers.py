"""Our side of `make bench-api`: the application as it is served, with two answers besides its own.

`/bench/hello` asks who is signed in and answers a typed body without a query. Under `/bare` are the same routes without
any layer around them: neither ours nor the framework's.
"""

import os
from contextlib import AsyncExitStack
from time import perf_counter
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI
from pydantic import BaseModel
from starlette.types import Receive, Scope, Send

from app.core.caller import Caller, allowed
from app.main import create_app
from bench import twin

router = APIRouter()


class Hello(BaseModel):
    """Who is signed in."""

    hello: str
    role: str


@router.get("/bench/hello")
async def hello(caller: Annotated[Caller, Depends(allowed("tasks:read"))]) -> Hello:
    return Hello(hello=str(caller.user_id), role=caller.role)


class Answers:
    """The application, and beside it its bare router."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._burn = float(os.environ.get("BENCH_BURN_MS", "0")) / 1_000

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        until = perf_counter() + self._burn  # the fault that is planted
        while perf_counter() < until:
            pass
        if scope["type"] != "http" or not scope["path"].startswith("/bare/"):
            await self._app(scope, receive, send)
            return
        scope.update(app=self._app, path=scope["path"].removeprefix("/bare"), state={"request_id": "bare"})
        async with AsyncExitStack() as scope["fastapi_middleware_astack"]:  # what the routes' own code wants to find
            await self._app.router(scope, receive, send)


def application() -> Answers:
    app = create_app()
    app.include_router(router)
    app.include_router(twin.router)
    return Answers(app)
