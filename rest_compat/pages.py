"""The browser's pages: what Vite built under `web/dist`, served with headers that let nothing else in.

A page is an HTML file without inline scripts; everything it loads lies under `/assets/` with its hash in its
name, so a X
"""

from pathlib import Path

import anyio
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

DIST = Path(__file__).resolve().parent.parent / "web" / "dist"

# The editor writes styles into the page and loads fonts from its style sheet. TRICKY: its workers break under
# require-trusted-types-for.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "font-src 'self' data:",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
NOT_BUILT = "The web pages are not built. `make web/dist/.built` builds them, and so does `make run`.\n"


def page_routes(dist: Path = DIST) -> list[BaseRoute]:
    """The routes of the pages and of all they load. `/graphql` is not among them: see `graphiql_page`."""

    def home(_: Request) -> Response:
        return _page(dist / "index.html")

    return [
        Route("/", home, name="home"),
        Mount("/assets", _Assets(dist / "assets"), name="assets"),
    ]


def graphiql_page(dist: Path = DIST) -> Response:
    """The query editor, for a browser that asks `/graphql` for HTML; programs get JSON at that address."""
    page = _page(dist / "graphiql" / "index.html")
    page.headers["Vary"] = "Accept"
    return page


def _page(file: Path) -> Response:
    try:
        html = file.read_bytes()
    except FileNotFoundError:
        return _not_built()
    return Response(html, media_type="text/html", headers={**SECURITY_HEADERS, "Cache-Control": "no-cache"})


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
