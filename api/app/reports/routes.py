"""Where browsers report to. No part of the contract: its formats are the browsers', and nobody else calls it."""

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from app.core.errors import InvalidBody, TooLarge, UnsupportedMediaType
from app.reports.schemas import violations
from app.reports.service import Notebook

router = APIRouter(tags=["reports"], include_in_schema=False)

_MEDIA_TYPES = frozenset({"application/csp-report", "application/reports+json"})
_MAX_BYTES = 32_768
_notebook = Notebook()


@router.post("/reports/csp", status_code=204, response_class=Response)
async def report_violation(request: Request) -> None:
    """Writes down what a page's policy stopped. Needs no session, and heeds none: it changes nothing."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in _MEDIA_TYPES:
        raise UnsupportedMediaType("The body must be application/csp-report or application/reports+json.")
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _MAX_BYTES:
            raise TooLarge("A report is smaller than 32 KiB.")
    try:
        _notebook.write(violations(body))
    except ValidationError:
        raise InvalidBody from None
