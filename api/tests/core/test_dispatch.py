"""The quick ways to a route and through it: the same answers as the framework's own, for what is right and wrong."""

from collections.abc import AsyncIterator
from dataclasses import fields
from inspect import signature
from typing import Annotated, Any
from uuid import uuid4

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Query
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import ResponseValidationError
from fastapi.routing import APIRoute, get_request_handler, iter_route_contexts
from pydantic import BaseModel
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, PlainTextResponse

from app.core import dispatch
from app.core.prepared import _Plain, prepared
from app.main import create_app
from app.settings import Settings
from tests.people import Person, browser

PATHS = [
    "/api/v1/me", "/api/v1/tasks", "/api/v1/tasks?limit=2", "/api/v1/tasks?limit=0", "/api/v1/tasks?limit=2&limit=x",
    "/api/v1/tasks?status=queued", "/api/v1/tasks?status=lost", "/api/v1/tasks?cursor=x", "/api/v1/tasks/",
    f"/api/v1/tasks/{uuid4()}", "/api/v1/tasks/x", "/api/v1/tasks/x/y/z", "/api/v1/sessions", "/api/v1/api-keys",
    "/api/v1/admin/users", "/api/healthz", "/api/readyz", "/api", "/", "//api/healthz", "/api/v1/tasks/%2F",
]  # fmt: skip


@pytest.fixture
def usual(app: FastAPI, settings: Settings) -> FastAPI:
    """The same application, with nothing but the framework's own ways."""
    other = create_app(settings)
    other.state._state.update(app.state._state)
    other.router.middleware_stack = other.router.app
    return other


def told(response: httpx.Response) -> tuple[Any, ...]:
    own = {"x-request-id", "date"}
    text = response.text.replace(response.headers.get("x-request-id", "-"), "")
    return response.status_code, sorted(item for item in response.headers.items() if item[0] not in own), text


@pytest.mark.parametrize("path", PATHS)
async def test_an_answer_is_the_frameworks_own(app: FastAPI, usual: FastAPI, person: Person, path: str) -> None:
    await person.create_task()
    for cookies in (person.browser.cookies, httpx.Cookies()):
        async with browser(app) as ours, browser(usual) as theirs:
            ours.cookies = theirs.cookies = cookies
            for method in ("GET", "PUT", "HEAD"):
                assert told(await ours.request(method, path)) == told(await theirs.request(method, path))


def test_the_reads_that_are_asked_often_are_plain(app: FastAPI) -> None:
    routes = {
        route.name: route for route in iter_route_contexts(app.routes) if isinstance(route.original_route, APIRoute)
    }

    assert all(isinstance(prepared(routes[name]), _Plain) for name in ("get_task", "list_tasks", "get_me"))
    assert not any(isinstance(prepared(routes[name]), _Plain) for name in ("create_task", "stream_task", "get_export"))


def test_the_framework_knows_nothing_of_a_route_that_prepared_does_not() -> None:
    """What an upgrade adds here has to be read there, or to make a route not plain."""
    assert {field.name for field in fields(Dependant)} == {
        "path_params", "query_params", "header_params", "cookie_params", "body_params", "dependencies", "name", "call",
        "request_param_name", "websocket_param_name", "http_connection_param_name", "response_param_name",
        "background_tasks_param_name", "security_scopes_param_name", "own_oauth_scopes", "parent_oauth_scopes",
        "use_cache", "path", "scope", "concurrency",
    }  # fmt: skip
    assert set(signature(get_request_handler).parameters) == {
        "dependant", "body_field", "status_code", "response_class", "response_field", "response_model_include",
        "response_model_exclude", "response_model_by_alias", "response_model_exclude_unset",
        "response_model_exclude_defaults", "response_model_exclude_none", "dependency_overrides_provider",
        "embed_body_fields", "strict_content_type", "stream_item_field", "is_json_stream", "form_limits",
    }  # fmt: skip


class Said(BaseModel):
    """What a route of this page says."""

    said: list[str]


calls: list[str] = []


async def first(connection: HTTPConnection) -> str:
    calls.append("first")
    return connection.url.path


async def second(before: Annotated[str, Depends(first)], number: Annotated[int, Query(ge=1)] = 1) -> str:
    calls.append("second")
    return f"{before} {number}"


async def closing() -> AsyncIterator[str]:
    yield "open"
    calls.append("closed")


@pytest.fixture
def small() -> FastAPI:
    app = FastAPI()

    @app.get("/said/{name}")
    async def say(name: str, a: Annotated[str, Depends(first)], b: Annotated[str, Depends(second)]) -> Said:
        return Said(said=[name, a, b])

    @app.get("/said/again/{name}")
    async def never(name: str) -> Said:
        raise AssertionError(name)

    @app.get("/said/again")
    async def shadowed() -> Said:
        raise AssertionError

    @app.get("/closed")
    async def close(it: Annotated[str, Depends(closing)]) -> Said:
        return Said(said=[it])

    @app.get("/wrong")
    async def lie() -> Said:
        return {"said": 1}  # type: ignore[return-value]

    @app.get("/itself")
    async def itself() -> Said:
        return JSONResponse({"said": "so"}, 203)  # type: ignore[return-value]

    dispatch.install(app)
    calls.clear()
    return app


class OwnRoute(APIRoute):
    """One that does more than the framework's."""

    def get_route_handler(self) -> Any:
        handle = super().get_route_handler()

        async def marked(request: Any) -> Any:
            response = await handle(request)
            response.headers["own"] = "yes"
            return response

        return marked


async def asked(app: FastAPI, path: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://site") as client:
        return await client.get(path)


async def test_what_several_need_is_called_once(small: FastAPI) -> None:
    response = await asked(small, "/said/a?number=7")

    assert response.json() == {"said": ["a", "/said/a", "/said/a 7"]}
    assert calls == ["first", "second"]


async def test_nothing_is_called_for_a_request_that_is_not_valid_but_what_the_framework_calls(small: FastAPI) -> None:
    response = await asked(small, "/said/a?number=0")

    assert response.status_code == 422
    assert calls == ["first"]  # once: it is not begun twice


async def test_the_first_route_has_the_path(small: FastAPI) -> None:
    assert (await asked(small, "/said/again")).json()["said"][0] == "again"


async def test_what_has_to_be_closed_is_closed(small: FastAPI) -> None:
    assert (await asked(small, "/closed")).json() == {"said": ["open"]}
    assert calls == ["closed"]


async def test_a_dependency_can_be_replaced(small: FastAPI) -> None:
    small.dependency_overrides[first] = lambda: "another"

    assert (await asked(small, "/said/a")).json() == {"said": ["a", "another", "another 1"]}


async def test_an_answer_that_is_not_what_the_route_says_is_an_error(small: FastAPI) -> None:
    with pytest.raises(ResponseValidationError):
        await asked(small, "/wrong")


async def test_an_answer_that_the_route_made_itself_is_sent_as_it_is(small: FastAPI) -> None:
    response = await asked(small, "/itself")

    assert (response.status_code, response.json()) == (203, {"said": "so"})


async def test_a_path_of_any_length_comes_before_what_is_added_after_it(small: FastAPI) -> None:
    @small.get("/any/{path:path}")
    async def anything(path: str) -> Said:
        return Said(said=[path])

    @small.get("/any/a/b")
    async def shadowed() -> Said:
        raise AssertionError

    assert (await asked(small, "/any/a/b")).json() == {"said": ["a/b"]}


async def test_a_mounted_application_comes_before_what_is_added_after_it(small: FastAPI) -> None:
    small.mount("/mounted", PlainTextResponse("mounted"))

    @small.get("/mounted/a")
    async def shadowed() -> Said:
        raise AssertionError

    assert (await asked(small, "/mounted/a")).text == "mounted"


async def test_a_route_with_ways_of_its_own_keeps_them(small: FastAPI) -> None:
    router = APIRouter(route_class=OwnRoute)

    @router.get("/own")
    async def own() -> Said:
        return Said(said=[])

    small.include_router(router)

    assert (await asked(small, "/own")).headers["own"] == "yes"
