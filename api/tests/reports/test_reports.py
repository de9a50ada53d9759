"""Reports of what a page's policy stopped."""

import json
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from app.reports import routes
from app.reports.schemas import violations
from app.reports.service import Notebook
from tests.problems import problem

PATH = "/api/v1/reports/csp"
OLD = {
    "csp-report": {
        "document-uri": "https://site.example/tasks?code=canary#token=canary",
        "violated-directive": "script-src-elem",
        "blocked-uri": "https://name:canary@evil.example/x.js?canary",
        "source-file": "https://site.example/a.js",
        "line-number": 7,
        "script-sample": "canary",
    }
}
NEW = {
    "type": "csp-violation",
    "age": 1,
    "url": "https://site.example/?canary",
    "user_agent": "canary",
    "body": {"documentURL": "https://site.example/", "effectiveDirective": "style-src-attr", "blockedURL": "inline"},
}


@pytest.fixture(autouse=True)
def _empty_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "_notebook", Notebook())


async def send(client: httpx.AsyncClient, body: object, media_type: str) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await client.post(PATH, content=content, headers={"content-type": media_type})


def told(logs: list[Any]) -> list[Any]:
    return [line for line in logs if line["event"].startswith("csp_")]


async def test_the_older_way_is_one_line_without_what_addresses_hold(client: httpx.AsyncClient) -> None:
    with capture_logs() as logs:
        answer = await send(client, OLD, "application/csp-report")

    assert answer.status_code == 204
    assert told(logs) == [
        {
            "event": "csp_violation",
            "log_level": "warning",
            "page": "https://site.example/tasks",
            "directive": "script-src-elem",
            "blocked": "https://evil.example/x.js",
            "source": "https://site.example/a.js",
            "line": "7",
        }
    ]
    assert "canary" not in str(logs)


async def test_the_reporting_api_brings_several_at_once(client: httpx.AsyncClient) -> None:
    others = [{"type": "deprecation", "body": {"id": "x"}}]
    with capture_logs() as logs:
        answer = await send(client, [NEW, *others, NEW], "application/reports+json; charset=utf-8")

    assert answer.status_code == 204
    assert [(line["page"], line["blocked"]) for line in told(logs)] == [("https://site.example/", "inline")] * 2


@pytest.mark.parametrize(
    ("body", "media_type", "status", "code"),
    [
        (OLD, "application/json", 415, "unsupported_media_type"),
        (OLD, "text/plain", 415, "unsupported_media_type"),
        (b"", "application/csp-report", 422, "invalid_body"),
        (b"{", "application/csp-report", 422, "invalid_body"),
        (b"[1]", "application/reports+json", 422, "invalid_body"),
        (b"[" * 30_000, "application/reports+json", 422, "invalid_body"),
        ({"csp-report": {}}, "application/csp-report", 422, "invalid_body"),
        (b" " * 32_769, "application/csp-report", 413, "too_large"),
    ],
)
async def test_what_is_no_report_is_refused(
    client: httpx.AsyncClient, body: object, media_type: str, status: int, code: str
) -> None:
    with capture_logs() as logs:
        answer = await send(client, body, media_type)

    problem(answer, status, code)
    assert told(logs) == []


def test_a_line_stays_a_short_line() -> None:
    report = {"csp-report": {"document-uri": "x" * 1_000, "violated-directive": "a\nb\x1b[31m", "line-number": [1]}}

    [violation] = violations(json.dumps(report).encode())

    assert len(violation.page) == 200
    assert violation.directive == "a?b?[31m"


def test_what_comes_too_often_is_left_out_and_said_once_a_minute() -> None:
    notebook = Notebook()
    found = violations(json.dumps(OLD).encode()) * 20
    with capture_logs() as logs:
        for now in (1_000.0, 1_001.0, 1_002.0, 1_060.0):
            notebook.write(found, now)

    events = [line["event"] for line in told(logs)]
    assert events == ["csp_violation"] * 30 + ["csp_violations_left_out"] + ["csp_violation"] * 20
