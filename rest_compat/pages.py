"""The browser's pages: what Vite built under `web/dist`, served with headers that let nothing else in.

A page is an HTML file without inline scripts; everything it loads lies under `/assets/` with its hash in its
name, so a browser keeps that for good and asks again for the page alone.
"""

from pathlib import Path
from typing import Final

import anyio
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

DIST = Path(__file__).resolve().parent.parent / "web" / "dist"

UI_PATHS: Final = (
    "/",
    "/performance",
    "/agents",
    "/agents/{agent:path}",
    "/trends",
    "/explore",
    "/tickets",
)
"""The addresses of the web UI: one page, which shows what its address says. TRICKY: an agent's id may hold a slash."""


def _policy(style: str) -> str:
    return "; ".join(
        [
            "default-src 'self'",
            f"style-src {style}",
            "font-src 'self' data:",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


CONTENT_SECURITY_POLICY: Final = _policy("'self'")
EDITOR_POLICY: Final = _policy("'self' 'unsafe-inline'")
"""The editor writes styles into its page. TRICKY: its workers break under require-trusted-types-for."""
SECURITY_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
SIGNED_IN: Final = b'<meta name="deskgraph-session" content="header">'
"""Tells the page that whoever stands before the gateway puts the token into the header of every request."""
NOT_BUILT = "The web pages are not built. `make web/dist/.built` builds them, and so does `make run`.\n"


def page_routes(dist: Path = DIST) -> list[BaseRoute]:
    """The routes of the pages and of all they load. `/graphql` is not among them: see `graphiql_page`."""

    def ui(request: Request) -> Response:
        return page(dist / "index.html", request)

    return [
        *(Route(path, ui) for path in UI_PATHS),
        Mount("/assets", _Assets(dist / "assets"), name="assets"),
    ]


def graphiql_page(request: Request, dist: Path = DIST) -> Response:
    """The query editor, for a browser that asks `/graphql` for HTML; programs get JSON at that address."""
    editor = page(dist / "graphiql" / "index.html", request)
    editor.headers["Vary"] = "Accept, Authorization"
    editor.headers["Content-Security-Policy"] = EDITOR_POLICY
    return editor


def page(file: Path, request: Request) -> Response:
    """A page as it was built, under the strict policy; one that a portal asks for with a token says so, never which.

    What to run, where it was not built.
    """
    try:
        html = file.read_bytes()
    except FileNotFoundError:
        return _not_built()
    if "authorization" in request.headers:
        html = html.replace(b"</head>", SIGNED_IN + b"</head>", 1)
    headers = {**SECURITY_HEADERS, "Cache-Control": "no-cache", "Vary": "Authorization"}
    return Response(html, media_type="text/html", headers=headers)


def _not_built() -> Response:
    return PlainTextResponse(NOT_BUILT, 503, headers={**SECURITY_HEADERS, "Cache-Control": "no-store"})


class _Assets(StaticFiles):
    """Files whose names hold their hash: what a name stands for never changes."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, check_dir=False)
        self.folder = anyio.Path(folder)

    async def check_config(self) -> None:
        """Nothing is checked at the first request: each one finds out whether there is a build."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        try:
            response = await self._smallest(path, scope)
        except HTTPException as fault:
            if fault.status_code == 404 and not await self.folder.is_dir():
                return _not_built()
            raise
        response.headers.update({**SECURITY_HEADERS, "Cache-Control": "public, max-age=31536000, immutable"})
        return response

    async def _smallest(self, path: str, scope: Scope) -> Response:
        """The file as the build compressed it, where it did and the browser takes that; else as it is."""
        compressed = f"{path}.gz"
        if "gzip" in Headers(scope=scope).get("accept-encoding", "") and await (self.folder / compressed).is_file():
            response = await super().get_response(compressed, scope)
            response.headers["Content-Encoding"] = "gzip"
        else:
            response = await super().get_response(path, scope)
        response.headers["Vary"] = "Accept-Encoding"
        return response
