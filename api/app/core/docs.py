"""The API's documentation as pages, with every asset from our own origin: it works offline and tells nobody."""

from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response

from app.core.errors import NotFound
from app.project import NAME

_ASSETS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon-32x32.png": "image/png",
}
_START = """SwaggerUIBundle({
  url: "/api/openapi.json", dom_id: "#docs", deepLinking: true, withCredentials: true, displayOperationId: true,
})
"""
_PAGE = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{NAME}: the API</title>
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
<link rel="icon" href="/api/docs/favicon-32x32.png">
<div id="docs"></div>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</html>
"""
# `script-src 'self'`: an asset from elsewhere would not load even if one were added
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def install(app: FastAPI, document: dict[str, Any]) -> None:
    """Serves the document and pages that show it."""
    assets = files("fastapi_swagger") / "resources"

    async def openapi(_: Request) -> Response:
        return JSONResponse(document)

    async def page(_: Request) -> Response:
        return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _POLICY})

    async def start(_: Request) -> Response:
        return Response(_START, media_type="text/javascript")

    async def asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _ASSETS:
            raise NotFound
        return FileResponse(str(assets / name), media_type=_ASSETS[name], headers={"Cache-Control": "max-age=3600"})

    app.add_route("/api/openapi.json", openapi, include_in_schema=False)
    app.add_route("/api/docs", page, include_in_schema=False)
    app.add_route("/api/docs/start.js", start, include_in_schema=False)
    app.add_route("/api/docs/{name}", asset, include_in_schema=False)
