"""The contract: committed, complete, and what the routes really are."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.contract import text
from app.main import build, document

API = Path(__file__).parents[1]
DOCUMENT = document(build())
OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}


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

    assert name[0].islower()
    assert name.isalnum()
    assert operation["tags"]
    assert operation["summary"].endswith(".")
    assert path.startswith("/api/")


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_success_has_a_schema(name: str) -> None:
    _, _, operation = OPERATIONS[name]
    successes = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}

    assert successes
    for status, answer in successes.items():
        if status == "204":
            assert "content" not in answer
        else:
            schemas = [resolved(content["schema"]) for content in answer["content"].values()]
            assert all(schema.get("properties") or schema.get("oneOf") for schema in schemas)


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_error_is_a_problem_with_its_codes(name: str) -> None:
    method, path, operation = OPERATIONS[name]
    errors = {status: answer for status, answer in operation["responses"].items() if not status.startswith("2")}

    assert "500" in errors
    assert ("404" in errors) == ("{" in path)
    assert ("422" in errors) == ("413" in errors) == ("requestBody" in operation)
    assert ("400" in errors) == any(p["in"] in {"query", "header"} for p in operation.get("parameters", []))
    assert ("403" in errors) == (method != "get" or path.endswith("/stream"))
    for answer in errors.values():
        [(media_type, content)] = answer["content"].items()
        base, *_, codes = content["schema"]["allOf"]
        assert media_type == "application/problem+json"
        assert base == {"$ref": "#/components/schemas/ProblemDetails"}
        assert codes["required"] == ["code"]
        assert codes["properties"]["code"]["enum"]


def test_every_reference_leads_somewhere() -> None:
    assert {name.rpartition("/")[2] for name in references(DOCUMENT)} <= set(DOCUMENT["components"]["schemas"])


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
        "GET /api/v1/me",
        "GET /api/v1/tasks",
        "POST /api/design",
        "POST /api/design/stream",
        "POST /api/v1/tasks",
        "GET /api/v1/tasks/{id}",
        "DELETE /api/v1/tasks/{id}",
        "POST /api/v1/tasks/{id}/cancel",
        "GET /api/v1/tasks/{id}/stream",
    }
