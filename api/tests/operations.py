"""The operations of the contract, for tests that hold for each of them, the ones of tomorrow too."""

from typing import Any, NamedTuple

from app.core.ids import new_id
from app.main import build, document
from tests.people import new_email

DOCUMENT = document(build())
SAFE = {"GET", "HEAD", "OPTIONS"}
_PLAIN: dict[str | None, Any] = {
    "string": "x" * 40,
    "date-time": "2100-01-01T00:00:00Z",
    "integer": 1,
    "number": 1,
    "boolean": True,
}


class Operation(NamedTuple):
    """One call of the contract."""

    name: str
    method: str
    path: str
    """With its parameters in braces."""
    document: dict[str, Any]

    @property
    def is_unsafe(self) -> bool:
        return self.method not in SAFE

    @property
    def is_stream(self) -> bool:
        """Whether it may answer with a stream of events."""
        return any("text/event-stream" in answer.get("content", {}) for answer in self.document["responses"].values())

    @property
    def takes_body(self) -> bool:
        return "requestBody" in self.document

    def body(self) -> Any:
        """A body that it takes, as the contract describes it; None where it takes none."""
        if not self.takes_body:
            return None
        return _example(self.document["requestBody"]["content"]["application/json"]["schema"])

    def url(self, ids: dict[str, str] | None = None) -> str:
        """Its address; `ids` has what exists, by the path before it, anything else doesn't."""
        some = (ids or {}).get(self.path.partition("/{id}")[0]) or str(new_id())
        return self.path.replace("{id}", some).replace("{provider}", "google")


OPERATIONS = [
    Operation(operation["operationId"], method.upper(), path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


def _example(schema: dict[str, Any]) -> Any:
    """Something that the schema allows."""
    if "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if schema.get("format") == "email":
        return new_email()
    for known in ("examples", "enum"):
        if known in schema:
            return schema[known][0]
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return _example(choices[0])
    if schema.get("type") == "object":
        return {name: _example(value) for name, value in schema.get("properties", {}).items()}
    if schema.get("type") == "array":
        return [_example(schema["items"])]
    return schema.get("const", schema.get("default", _PLAIN.get(schema.get("format") or schema.get("type"))))
