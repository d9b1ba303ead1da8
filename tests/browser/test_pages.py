"""How the pages are served: headers, caching, compression, and what is said where there is no build."""

from __future__ import annotations

import gzip
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rest_compat.pages import graphiql_page, page_routes
from rest_compat.problems import exception_handlers

UI = ["/", "/performance", "/agents", "/agents/A-07", "/agents/a%2Fb%20%C3%A9", "/trends", "/explore", "/tickets"]


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """What a build leaves behind, in small."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "graphiql").mkdir()
    (tmp_path / "index.html").write_text("<h1>home</h1>")
    (tmp_path / "graphiql" / "index.html").write_text("<h1>editor</h1>")
    (tmp_path / "assets" / "page-a1b2.js").write_text("plain")
    (tmp_path / "assets" / "icon-a1b2.svg").write_text("<svg/>")
    return tmp_path


def client(dist: Path) -> httpx.AsyncClient:
    def graphql(request: Request) -> Response:
        return graphiql_page(request, dist)

    app = Starlette(routes=[*page_routes(dist), Route("/graphql", graphql)], exception_handlers=exception_handlers())
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway")


@pytest.mark.parametrize("path", [*UI, "/graphql", "/assets/page-a1b2.js"])
async def test_everything_carries_the_security_headers(dist: Path, path: str) -> None:
    async with client(dist) as http:
        answer = await http.get(path)

    assert answer.status_code == 200
    policy = dict(one.split(" ", 1) for one in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["style-src"] == ("'self' 'unsafe-inline'" if path == "/graphql" else "'self'")
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert not {one for one in policy if one.startswith("script-src")}
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/", "/graphql"])
async def test_a_page_that_a_portal_asks_for_says_so_and_never_repeats_the_token(dist: Path, path: str) -> None:
    for file in (dist / "index.html", dist / "graphiql" / "index.html"):
        file.write_text("<head><title>page</title></head>")

    async with client(dist) as http:
        given = await http.get(path, headers={"Authorization": "Bearer a.b.c"})
        alone = await http.get(path)

    assert '<meta name="deskgraph-session" content="header"></head>' in given.text
    assert "a.b.c" not in given.text
    assert "deskgraph-session" not in alone.text
    assert "Authorization" in given.headers["vary"]
    assert "Authorization" in alone.headers["vary"]


@pytest.mark.parametrize("path", UI)
async def test_every_address_of_the_ui_is_its_one_page(dist: Path, path: str) -> None:
    async with client(dist) as http:
        answer = await http.get(path, params={"period": "last_7_days"})
        head = await http.head(path)
        posted = await http.post(path)

    assert answer.text == "<h1>home</h1>"
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"
    assert (head.status_code, head.text) == (200, "")
    assert posted.status_code == 405


@pytest.mark.parametrize("path", ["/nothing", "/performance/nothing", "/api/nothing", "/index.html", "/demo/nothing"])
async def test_what_is_no_address_of_the_ui_is_not_found(dist: Path, path: str) -> None:
    async with client(dist) as http:
        answer = await http.get(path, headers={"Accept": "text/html"})

    assert answer.status_code == 404
    assert answer.json()["code"] == "NOT_FOUND"


async def test_pages_are_asked_for_again_and_assets_are_kept_for_good(dist: Path) -> None:
    async with client(dist) as http:
        page = await http.get("/graphql")
        asset = await http.get("/assets/icon-a1b2.svg")

    assert page.headers["cache-control"] == "no-cache"
    assert page.headers["vary"] == "Accept, Authorization"
    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert asset.headers["content-type"] == "image/svg+xml"


async def test_an_asset_goes_out_compressed_to_who_takes_that(dist: Path) -> None:
    (dist / "assets" / "page-a1b2.js.gz").write_bytes(gzip.compress(b"plain"))

    async with client(dist) as http:
        small = await http.get("/assets/page-a1b2.js", headers={"Accept-Encoding": "br, gzip"})
        plain = await http.get("/assets/page-a1b2.js", headers={"Accept-Encoding": "identity"})

    assert small.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert small.text == plain.text == "plain"
    assert small.headers["content-type"] == plain.headers["content-type"]
    assert small.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "path", ["/assets/nothing.js", "/assets/", "/assets/../index.html", "/assets/%2e%2e/index.html"]
)
async def test_what_is_no_asset_is_not_found(dist: Path, path: str) -> None:
    async with client(dist) as http:
        answer = await http.get(httpx.URL("http://gateway", raw_path=path.encode()))

    assert answer.status_code == 404


@pytest.mark.parametrize("path", [*UI, "/graphql", "/assets/page-a1b2.js"])
async def test_a_missing_build_is_said_with_the_command_that_makes_it(tmp_path: Path, path: str) -> None:
    async with client(tmp_path / "dist") as http:
        answer = await http.get(path)

    assert answer.status_code == 503
    assert "make web/dist/.built" in answer.text
    assert answer.headers["cache-control"] == "no-store"
