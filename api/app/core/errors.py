"""Every error on the wire: one class is a status, a code and an entry in the contract (RFC 9457)."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse
from starlette.types import Scope

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):  # noqa: N818 - its heirs are named by what is wrong
    """The request can't be answered as it was asked."""

    status: ClassVar[int]
    code: ClassVar[str]
    body: ClassVar[type[BaseModel] | None] = None
    """What the answer has besides; a model that some route answers with."""
    commits: ClassVar[bool] = False
    """Whether what the request wrote stays: the refusal itself is a fact, such as a failed sign-in."""

    def __init__(
        self,
        detail: str | None = None,
        *,
        headers: dict[str, str] | None = None,
        errors: list["FieldError"] | None = None,
        **members: Any,
    ) -> None:
        meaning = (type(self).__doc__ or self.code).strip().splitlines()[0]
        super().__init__(detail or meaning)
        self.title = meaning.removesuffix(".")
        self.detail = detail or meaning
        self.headers = headers or {}
        self.errors = errors
        self.members = members

    def response(self, scope: Scope) -> JSONResponse:
        """The answer to the request of `scope`."""
        body = ProblemDetails(
            title=self.title,
            status=self.status,
            detail=self.detail,
            code=self.code,
            request_id=scope.get("state", {}).get("request_id", ""),
            errors=self.errors,
        ).model_dump(mode="json", exclude_none=True)
        return JSONResponse(body | self.members, self.status, self.headers, media_type=MEDIA_TYPE)


class FieldError(BaseModel):
    """What is wrong at one place of a body."""

    pointer: str = Field(description="A JSON pointer (RFC 6901); empty for the whole body")
    code: str
    message: str


class ProblemDetails(BaseModel):
    """An error (RFC 9457). `code` is for programs and stays what it is; `detail` is for people."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    request_id: str = Field(description="The X-Request-Id of the answer: the key to the log lines")
    errors: list[FieldError] | None = Field(None, description="For a body that doesn't validate")


class InvalidRequest(Problem):
    """A query parameter or header is not understood."""

    status, code = 400, "invalid_request"


class Unauthenticated(Problem):
    """Nobody is signed in."""

    status, code = 401, "unauthenticated"

    def __init__(self, detail: str | None = None, **members: Any) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"}, **members)


class InsufficientScope(Problem):
    """The API key is not for this."""

    status, code = 403, "insufficient_scope"


class CrossSite(Problem):
    """The request did not come from the site itself."""

    status, code = 403, "cross_site"


class NotFound(Problem):
    """There is nothing here, or nothing that you may see."""

    status, code = 404, "not_found"


class MethodNotAllowed(Problem):
    """The address doesn't take the method."""

    status, code = 405, "method_not_allowed"


class TooLarge(Problem):
    """The body is larger than 1 MiB."""

    status, code = 413, "too_large"


class UnsupportedMediaType(Problem):
    """The body must be application/json."""

    status, code = 415, "unsupported_media_type"


class InvalidBody(Problem):
    """The body is not what this call takes."""

    status, code = 422, "invalid_body"


class InternalError(Problem):
    """Something broke on our side."""

    status, code = 500, "internal_error"


class Unavailable(Problem):
    """A part that this needs is away; try again soon."""

    status, code = 503, "unavailable"

    def __init__(self, detail: str | None = None, **members: Any) -> None:
        super().__init__(detail, headers={"Retry-After": "1"}, **members)


F = TypeVar("F", bound=Callable[..., Any])
_RAISED: dict[Callable[..., Any], tuple[type[Problem], ...]] = {}


def raises(*classes: type[Problem]) -> Callable[[F], F]:
    """Says what a dependency raises, so that the contract has it for every route that depends on it."""

    def note(dependency: F) -> F:
        _RAISED[dependency] = classes
        return dependency

    return note


def raised_by(dependency: Callable[..., Any]) -> tuple[type[Problem], ...]:
    """What a dependency said that it raises."""
    return _RAISED.get(dependency, ())


def problems(*classes: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """What a route can answer besides success, for its `responses=`."""
    answers: dict[int | str, dict[str, Any]] = {}
    for status in sorted({problem.status for problem in classes}):
        same = [problem for problem in classes if problem.status == status]
        codes = {
            "type": "object",
            "required": ["code"],
            "properties": {"code": {"type": "string", "enum": sorted({problem.code for problem in same})}},
        }
        bodies = ["ProblemDetails", *(problem.body.__name__ for problem in same if problem.body)]
        schema = {"allOf": [*({"$ref": f"#/components/schemas/{name}"} for name in bodies), codes]}
        answers[status] = {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": schema}}}
    return answers
