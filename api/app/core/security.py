"""How an operation may be called, for the contract: said where it is checked."""

from collections.abc import Callable
from typing import Any, TypeVar

from app.project import API_KEY_PREFIX, COOKIE_PREFIX

Way = dict[str, list[str]]
"""A scheme, and what a key has to be for."""

SESSION: Way = {"session": []}
ADMIN: Way = {"session": ["admin"]}
REFRESH: Way = {"refresh": []}

_WITHOUT = "Its name has no `__Host-` where the site is on plain http."
SCHEMES: dict[str, dict[str, Any]] = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": f"__Host-{COOKIE_PREFIX}_access",
        "description": f"Who is signed in in a browser, on the site itself. {_WITHOUT}",
    },
    "refresh": {
        "type": "apiKey",
        "in": "cookie",
        "name": f"__Host-{COOKIE_PREFIX}_refresh",
        "description": f"What a session goes on by. {_WITHOUT}",
    },
    "apiKey": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": f"{API_KEY_PREFIX}…",
        "description": "A key for a machine, wherever it calls from. What it has to be for is named beside it.",
    },
}

F = TypeVar("F", bound=Callable[..., Any])
_ADMITTED: dict[Callable[..., Any], tuple[Way, ...]] = {}


def scheme(name: str, definition: dict[str, Any]) -> Way:
    """A way that only one feature knows."""
    SCHEMES[name] = definition
    return {name: []}


def api_key(scope: str) -> Way:
    """By an API key that is for this."""
    return {"apiKey": [scope]}


def admits(*ways: Way) -> Callable[[F], F]:
    """Says whom a dependency lets through: whoever comes by one of these ways."""

    def note(dependency: F) -> F:
        _ADMITTED[dependency] = ways
        return dependency

    return note


def admitted_by(dependency: Callable[..., Any]) -> tuple[Way, ...]:
    """What a dependency said of whom it lets through; nothing where that is not its business."""
    return _ADMITTED.get(dependency, ())
