"""Where to go on: a page of this site."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identities.paths import safe_next, with_query

SITE = "https://slipstream.example.org"


@pytest.mark.parametrize("path", ["/", "/tasks", "/tasks/1?cursor=a&b=%2F#end", "/settings/linked-accounts", "/apis"])
def test_a_page_of_the_site_is_gone_on_to(path: str) -> None:
    assert safe_next(path, "/tasks") == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "tasks",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/é",
        "/a b",
        "/\0",
        "/api/v1/auth/oidc/start",
        "/ws/events",
        "/" + "x" * 1_000,
    ],
)
def test_anything_else_is_not(path: str | None) -> None:
    assert safe_next(path, "/tasks") == "/tasks"


@given(st.text(alphabet=st.sampled_from("/\\.:?#@ \t\n\0aé%"), max_size=12).map(lambda text: "/" + text))
def test_nothing_leads_away(path: str) -> None:
    there = urlsplit(urljoin(SITE, safe_next(path, "/tasks")))

    assert f"{there.scheme}://{there.netloc}" == SITE


def test_more_is_added_to_a_query() -> None:
    assert with_query("/a?b=1#c", d="e f") == "/a?b=1&d=e+f#c"
    assert with_query("/a", d="1") == "/a?d=1"
