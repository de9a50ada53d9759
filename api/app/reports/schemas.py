"""Reports as browsers send them. Anybody can send anything here, so little of it is kept."""

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, BaseModel, BeforeValidator, Field, TypeAdapter

_LONGEST = 200
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")


def _short(value: object) -> str:
    return _UNPRINTABLE.sub("?", str(value or ""))[:_LONGEST]


def _place(value: object) -> str:
    """An address without its query and fragment, which may hold what is nobody's business; or a word such as inline."""
    text = _short(value)
    try:
        scheme, host, path, _, _ = urlsplit(text)
    except ValueError:
        return "?"
    if not host:
        return scheme or path  # data:…, blob:…, eval
    return f"{scheme}://{host.rpartition('@')[2]}{path}"


Word = Annotated[str, BeforeValidator(_short)]
Place = Annotated[str, BeforeValidator(_place)]


class Violation(BaseModel):
    """What a policy stopped, by the names of the Reporting API or by those of the older `report-uri`."""

    page: Place = Field(validation_alias=AliasChoices("documentURL", "document-uri"))
    directive: Word = Field(
        validation_alias=AliasChoices("effectiveDirective", "effective-directive", "violated-directive")
    )
    blocked: Place = Field("", validation_alias=AliasChoices("blockedURL", "blocked-uri"))
    source: Place = Field("", validation_alias=AliasChoices("sourceFile", "source-file"))
    line: Word = Field("", validation_alias=AliasChoices("lineNumber", "line-number"))


class _Told(BaseModel):
    type: Literal["csp-violation"]
    body: Violation


class _Other(BaseModel):
    """A report of something else that a page's headers don't ask for."""

    type: str


class _Old(BaseModel):
    report: Violation = Field(alias="csp-report")


_Reports = TypeAdapter[_Old | list[_Told | _Other]](_Old | list[_Told | _Other])


def violations(body: bytes) -> list[Violation]:
    """What the body tells of. Raises ValidationError."""
    reports = _Reports.validate_json(body)
    if isinstance(reports, _Old):
        return [reports.report]
    return [report.body for report in reports if isinstance(report, _Told)]
