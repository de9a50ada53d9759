"""Bodies that are no good: told where and why, with 422, 415 or 413 and never with 500."""

import json
from time import monotonic
from typing import Any

import httpx
import pytest

from tests.people import Person
from tests.problems import problem

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"nonsense",
        b'{"prompt": "\xff\xfe"}',
        b"[" * 200_000,
        b'{"prompt": ' + b"9" * 10_000 + b"}",
        b'{"prompt": NaN}',
        b'{"prompt": "\x00"}',
        b"\xef\xbb\xbf{}",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
    ],
)
async def test_what_is_no_such_json_is_422(person: Person, body: bytes) -> None:
    response = await person.browser.post("/api/v1/tasks", content=body, headers=JSON)

    assert problem(response, 422, "invalid_body")["errors"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"prompt": "a\0b"}, "/prompt"),
        ({"prompt": "\ud800"}, "/prompt"),
        ({"prompt": "\udc00\ud800"}, "/prompt"),
        ({"prompt": "fine", "more": {"a/b": ["fine", "\0"]}}, "/more/a~1b/1"),
        ({"prompt": "fine", "\0": 1}, ""),
    ],
)
async def test_text_that_nothing_can_store_is_422_wherever_it_stands(
    person: Person, body: dict[str, Any], pointer: str
) -> None:
    response = await person.browser.post("/api/v1/tasks", content=json.dumps(body), headers=JSON)

    assert problem(response, 422, "invalid_body")["errors"] == [
        {
            "pointer": pointer,
            "code": "unstorable_text",
            "message": "Text must not contain U+0000 or lone surrogates",
        }
    ]


# among them where the parser is still well and whoever walks the value after it may not be
@pytest.mark.parametrize("depth", [32, 33, 200, *range(850, 1_010, 10), 5_000, 100_000])
@pytest.mark.parametrize("brackets", [(b"[", b"1", b"]"), (b'{"a":', b"1", b"}")])
async def test_json_that_is_too_deep_is_422(
    client: httpx.AsyncClient, depth: int, brackets: tuple[bytes, bytes, bytes]
) -> None:
    opening, inner, closing = brackets
    body = b'{"email": "a@example.com", "password": "x", "more": %s}' % (opening * depth + inner + closing * depth)

    response = await client.post("/api/v1/auth/login", content=body, headers=JSON)

    [error] = problem(response, 422, "invalid_body")["errors"]
    assert error["pointer"] == ""
    assert error["code"] == "too_deep" or depth > 800


async def test_json_that_is_no_deeper_than_is_allowed_is_read(person: Person) -> None:
    body = b'{"prompt": "x", "more": %s}' % (b"[" * 31 + b"]" * 31)

    assert (await person.browser.post("/api/v1/tasks", content=body, headers=JSON)).status_code == 202


async def test_a_long_key_above_many_values_takes_no_time(client: httpx.AsyncClient) -> None:
    body = b'{"%s": [%s0]}' % (b"x" * 500_000, b"0," * 250_000)

    began = monotonic()
    response = await client.post("/api/v1/auth/login", content=body, headers=JSON)

    problem(response, 422, "invalid_body")
    assert monotonic() - began < 3


async def test_a_surrogate_pair_is_text(person: Person) -> None:
    response = await person.browser.post("/api/v1/tasks", content=b'{"prompt": "\\ud83d\\ude80"}', headers=JSON)

    assert response.status_code == 202
    assert response.json()["prompt"] == "\U0001f680"


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_another_content_type_is_415(person: Person, content_type: str) -> None:
    response = await person.browser.post(
        "/api/v1/tasks", content=b'{"prompt": "x"}', headers={"Content-Type": content_type}
    )

    problem(response, 415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"prompt": 1}, ["/prompt"]),
        ({"prompt": " \n"}, ["/prompt"]),
        ({"prompt": ""}, ["/prompt"]),
        ({"prompt": "x" * 8_001}, ["/prompt"]),
        ({"prompt": "x", "kind": "poem"}, ["/kind"]),
        ({"prompt": None, "kind": None}, ["/prompt", "/kind"]),
        ({}, ["/prompt"]),
    ],
)
async def test_every_place_that_is_wrong_is_told(person: Person, body: Any, pointers: list[str]) -> None:
    response = await person.browser.post("/api/v1/tasks", json=body)

    errors = problem(response, 422, "invalid_body")["errors"]
    assert [error["pointer"] for error in errors] == pointers
    assert all(error["code"] and error["message"] for error in errors)


async def test_lengths_are_counted_in_code_points(person: Person) -> None:
    response = await person.browser.post("/api/v1/tasks", json={"prompt": "\U0001f680" * 8_000})

    assert response.status_code == 202
