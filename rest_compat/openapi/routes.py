"""Where the description is read: as JSON by programs, rendered by people. Open to all: it holds no data of a desk."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rest_compat import etag
from rest_compat.accept import JSON
from rest_compat.openapi.document import as_json
from rest_compat.pages import DIST, page


@cache
def _described() -> tuple[bytes, str]:
    """The document, and its entity tag."""
    body = as_json()
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def openapi_routes(dist: Path = DIST) -> list[Route]:
    """/openapi.json, and /docs, which shows it."""

    def described(request: Request) -> Response:
        body, tag = _described()
        headers = {"ETag": tag, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        if etag.matches(request.headers.getlist("if-none-match"), tag):
            return Response(status_code=304, headers=headers)
        return Response(b"" if request.method == "HEAD" else body, headers=headers, media_type=JSON)

    def rendered(request: Request) -> Response:
        return page(dist / "docs" / "index.html", request)

    return [Route("/openapi.json", described), Route("/docs", rendered)]
