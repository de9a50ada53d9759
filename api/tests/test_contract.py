"""The contract: committed, complete, and what the routes really are."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from app.contract import text
from app.core.caller import Scope
from app.main import build, document
from app.topics import EVENTS

API = Path(__file__).parents[1]
DOCUMENT = document(build())
OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}


VERBS = (
    "cancel",
    "change",
    "create",
    "delete",
    "finish",
    "get",
    "list",
    "login",
    "logout",
    "refresh",
    "register",
    "request",
    "resend",
    "reset",
    "start",
    "stream",
    "update",
    "verify",
    "write",
)
WITHOUT_SESSION = {
    "changeEmail",
    "finishSignIn",
    "getAuthOptions",
    "getHealth",
    "getReadiness",
    "logout",
    "register",
    "requestPasswordReset",
    "resendVerification",
    "resetPassword",
    "startSignIn",
    "verifyEmail",
}
FROM_THE_SITE = {"startSignIn"}  # though it is a GET
WITHOUT_STORES = {
    "getAuthOptions",
    "getHealth",
}
FOR_MACHINES = ("/api/v1/tasks", "/api/design")
LIMITED = {
    "changeEmail",
    "changePassword",
    "createApiKey",
    "createTask",
    "deleteMe",
    "finishSignIn",
    "getExport",
    "login",
    "refresh",
    "register",
    "requestEmailChange",
    "requestPasswordReset",
    "resendVerification",
    "resetPassword",
    "startSignIn",
    "streamDesign",
    "streamTask",
    "updateMe",
    "verifyEmail",
    "writeDesign",
}


def refusals(operation: dict[str, Any]) -> dict[str, Any]:
    return {status: answer for status, answer in operation["responses"].items() if not status.startswith(("2", "3"))}


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set[str]()
        return own.union(*(references(value) for value in node.values()))
    return set().union(*(references(item) for item in node)) if isinstance(node, list) else set()


def test_the_committed_document_is_the_code_s() -> None:
    assert (API / "openapi.json").read_text() == text(DOCUMENT)


def test_it_is_written_without_any_setting() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.contract"],
        cwd=API,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        check=True,
    )

    assert done.stdout.decode() == text(DOCUMENT)


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_says_what_it_is(name: str) -> None:
    _, path, operation = OPERATIONS[name]
    [tag] = operation["tags"]

    assert re.fullmatch(rf"({'|'.join(VERBS)})([A-Z][a-z]+)*", name)
    assert (API / "app" / tag / "routes.py").exists()
    assert re.fullmatch(r"[A-Z].*[a-z]\.", operation["summary"])
    assert path.startswith("/api/")


def test_an_operation_has_its_id_to_itself() -> None:
    ids = [operation["operationId"] for methods in DOCUMENT["paths"].values() for operation in methods.values()]

    assert len(ids) == len(set(ids)) == len(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_parameter_says_what_it_is(name: str) -> None:
    for parameter in OPERATIONS[name][2].get("parameters", []):
        assert parameter["description"], parameter["name"]
        assert parameter["schema"].keys() & {"type", "anyOf", "$ref", "enum"}, parameter["name"]


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_success_has_a_schema(name: str) -> None:
    _, _, operation = OPERATIONS[name]
    successes = {status: answer for status, answer in operation["responses"].items() if status.startswith(("2", "3"))}

    assert successes
    for status, answer in successes.items():
        if status in {"204", "302"}:
            assert "content" not in answer
            assert ("Location" in answer.get("headers", {})) == (status == "302")
        else:
            schemas = [resolved(content["schema"]) for content in answer["content"].values()]
            assert schemas
            assert all(schema["properties"] for schema in schemas)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_stream_s_frames_are_those_of_a_union(name: str) -> None:
    for answer in OPERATIONS[name][2]["responses"].values():
        if stream := answer.get("content", {}).get("text/event-stream"):
            data = stream["schema"]["properties"]["data"]
            assert data["contentMediaType"] == "application/json"
            assert resolved(data["contentSchema"])["discriminator"]["propertyName"] == "type"


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_error_is_a_problem_with_its_codes(name: str) -> None:
    _, _, operation = OPERATIONS[name]

    for answer in refusals(operation).values():
        [(media_type, content)] = answer["content"].items()
        base, *more, codes = content["schema"]["allOf"]
        assert media_type == "application/problem+json"
        assert base == {"$ref": "#/components/schemas/ProblemDetails"}
        assert all(resolved(schema)["properties"] for schema in more)
        assert codes["required"] == ["code"]
        assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", code) for code in codes["properties"]["code"]["enum"])


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_names_every_error_it_can_give(name: str) -> None:
    method, path, operation = OPERATIONS[name]
    given = refusals(operation).keys()
    has_body = "requestBody" in operation
    places = {parameter["in"] for parameter in operation.get("parameters", [])}

    assert "500" in given
    assert ("path" in places) == ("{" in path)
    assert ("404" in given) == ("path" in places or operation["tags"] == ["admin"])  # for all but administrators
    assert {"413", "415", "422"} & given == ({"413", "415", "422"} if has_body else set())
    assert ("400" in given) == bool(places & {"query", "header"})
    assert ("401" in given) == (name not in WITHOUT_SESSION)
    # from elsewhere; not with this key
    assert ("403" in given) == (method != "get" or name not in WITHOUT_SESSION or name in FROM_THE_SITE)
    assert ("503" in given) == (name not in WITHOUT_STORES)
    assert ("429" in given) == (name in LIMITED)


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_says_who_may_call_it(name: str) -> None:
    _, path, operation = OPERATIONS[name]
    ways = {scheme: need for way in operation["security"] for scheme, need in way.items()}
    codes = operation["responses"].get("403", {}).get("content", {}).get("application/problem+json", {})

    assert len(ways) == len(operation["security"])  # one of them is enough
    assert ("session" in ways) == ("insufficient_scope" in json.dumps(codes))
    assert set(ways.get("apiKey", [])) <= set(get_args(Scope))
    assert ("apiKey" in ways) == path.startswith(FOR_MACHINES)
    if "session" in ways:
        assert ways["session"] == (["admin"] if path.startswith("/api/v1/admin/") else [])


def test_the_ways_in_are_these() -> None:
    schemes = DOCUMENT["components"]["securitySchemes"]
    used = {scheme for _, _, operation in OPERATIONS.values() for way in operation["security"] for scheme in way}

    assert set(schemes) == used
    assert {(scheme["type"], scheme.get("in"), scheme.get("name")) for scheme in schemes.values()} == {
        ("apiKey", "cookie", "__Host-slipstream_access"),
        ("apiKey", "cookie", "__Host-slipstream_refresh"),
        ("http", None, None),
        ("apiKey", "header", "X-Streaming-Proxy-Key"),
    }


def test_every_reference_leads_somewhere() -> None:
    assert {name.rpartition("/")[2] for name in references(DOCUMENT)} <= set(DOCUMENT["components"]["schemas"])


def test_every_component_is_something_on_the_wire() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    used: set[str] = set()
    found = {name.rpartition("/")[2] for name in references(DOCUMENT["paths"])} | set(EVENTS)
    while found:
        used |= found
        found = {ref.rpartition("/")[2] for name in found for ref in references(schemas[name])} - used

    assert set(schemas) == used


@pytest.mark.parametrize("name", DOCUMENT["components"]["schemas"])
def test_a_component_says_what_it_is(name: str) -> None:
    schema = DOCUMENT["components"]["schemas"][name]

    assert name in EVENTS or schema["description"]
    assert schema.get("properties") or schema.get("oneOf")


@pytest.mark.parametrize("name", EVENTS)
def test_a_union_s_members_are_told_apart_by_their_type(name: str) -> None:
    union = DOCUMENT["components"]["schemas"][name]
    members = {resolved({"$ref": ref})["properties"]["type"]["const"]: ref for ref in references(union)}

    assert union["discriminator"] == {"propertyName": "type", "mapping": members}
    assert {choice["$ref"] for choice in union["oneOf"]} == set(members.values())


def test_the_stream_s_union_is_a_component() -> None:
    union = DOCUMENT["components"]["schemas"]["TaskEvent"]

    assert set(union["discriminator"]["mapping"]) == {
        "snapshot", "token", "task_update", "reset", "task_finished", "task_missing", "heartbeat",
    }  # fmt: skip
    assert len(union["oneOf"]) == 7


def test_the_calls_are_the_wire_s() -> None:
    assert {f"{method.upper()} {path}" for method, path, _ in OPERATIONS.values()} == {
        "GET /api/healthz",
        "GET /api/readyz",
        "POST /api/v1/auth/register",
        "POST /api/v1/auth/login",
        "POST /api/v1/auth/logout",
        "POST /api/v1/auth/refresh",
        "GET /api/v1/auth/{provider}/start",
        "GET /api/v1/auth/{provider}/callback",
        "GET /api/v1/me",
        "GET /api/v1/auth/options",
        "POST /api/v1/auth/verify-email",
        "POST /api/v1/auth/verify-email/resend",
        "POST /api/v1/auth/password-reset",
        "POST /api/v1/auth/password-reset/confirm",
        "POST /api/v1/auth/change-email",
        "POST /api/v1/me/password",
        "POST /api/v1/me/email",
        "GET /api/v1/auth/sessions",
        "DELETE /api/v1/auth/sessions/{id}",
        "GET /api/v1/me/identities",
        "DELETE /api/v1/me/identities/{id}",
        "PATCH /api/v1/me",
        "DELETE /api/v1/me",
        "GET /api/v1/me/export",
        "GET /api/v1/api-keys",
        "POST /api/v1/api-keys",
        "DELETE /api/v1/api-keys/{id}",
        "GET /api/v1/admin/users",
        "PATCH /api/v1/admin/users/{id}",
        "DELETE /api/v1/admin/users/{id}/sessions",
        "GET /api/v1/admin/audit",
        "GET /api/v1/tasks",
        "POST /api/design",
        "POST /api/design/stream",
        "POST /api/v1/tasks",
        "GET /api/v1/tasks/{id}",
        "DELETE /api/v1/tasks/{id}",
        "POST /api/v1/tasks/{id}/cancel",
        "GET /api/v1/tasks/{id}/stream",
    }


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_text_and_list_of_a_body_has_an_end(name: str) -> None:
    for content in OPERATIONS[name][2].get("requestBody", {}).get("content", {}).values():
        assert list(endless(content["schema"])) == []


def endless(schema: dict[str, Any], place: str = "") -> Iterator[str]:
    """Where a schema takes texts or lists of any length, or members of any name."""
    schema = resolved(schema)
    for choice in [*schema.get("anyOf", []), *schema.get("oneOf", []), *schema.get("allOf", [])]:
        yield from endless(choice, place)
    bounds = {"string": {"maxLength", "enum", "const", "format"}, "array": {"maxItems"}}
    if (kind := schema.get("type")) in bounds and not bounds[kind] & schema.keys():
        yield place
    if isinstance(schema.get("additionalProperties"), dict):
        yield place
    yield from endless(schema["items"], f"{place}/-") if "items" in schema else ()
    for name, member in schema.get("properties", {}).items():
        yield from endless(member, f"{place}/{name}")
