"""The mails of a development machine, on a page: elsewhere these addresses don't exist."""

import re
from html import escape

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse

from app.core.errors import NotFound
from app.mail.kept import kept
from app.project import NAME

PATH = "/api/v1/dev/mails"

router = APIRouter(prefix="/dev", tags=["mail"])

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
_ADDRESS = re.compile(r"(https?://\S+)")
_PAGE = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5">
<title>{NAME}: mails</title>
<style>
:root {{{{ color-scheme: light dark; }}}}
body {{{{ max-width: 720px; margin: 32px auto; padding: 0 16px; font: 16px/1.6 system-ui, sans-serif; }}}}
article {{{{ border-top: 1px solid #8884; padding: 16px 0; }}}}
h2 {{{{ margin: 0; font-size: 18px; }}}}
pre {{{{ white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }}}}
</style>
<h1>Mails</h1>
<p>SMTP_URL is not set, so the newest mails are here, for a day, instead of in somebody's mailbox.</p>
{{mails}}
</html>
"""
_MAIL = """<article>
<h2>{subject}</h2>
<p>To {to}, <time>{sent_at}</time>, <a href="/api/v1/dev/mails/{id}">as HTML</a></p>
<pre>{text}</pre>
</article>
"""


@router.get("/mails")
async def list_mails(request: Request) -> HTMLResponse:
    """The newest mails."""
    mails = [
        _MAIL.format(
            **{name: escape(value) for name, value in mail.items() if name != "text"}, text=_linked(mail["text"])
        )
        for mail in await kept(request.app.state.valkey)
    ]
    return _html(_PAGE.format(mails="".join(mails) or "<p>There are none yet.</p>"))


@router.get("/mails.json")
async def get_mails(request: Request) -> JSONResponse:
    """The same for programs."""
    return JSONResponse({"items": await kept(request.app.state.valkey)})


@router.get("/mails/{mail_id}")
async def get_mail(mail_id: str, request: Request) -> HTMLResponse:
    """A mail as its reader would see it."""
    for mail in await kept(request.app.state.valkey):
        if mail["id"] == mail_id:
            return _html(mail["html"])
    raise NotFound


def _linked(text: str) -> str:
    return _ADDRESS.sub(r'<a href="\1">\1</a>', escape(text))


def _html(content: str) -> HTMLResponse:
    return HTMLResponse(content, headers={"Content-Security-Policy": _POLICY})
