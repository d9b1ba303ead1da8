"""The documentation as a site: built as `make docs` builds it, read as files, and visited by a browser."""

from __future__ import annotations

import asyncio
import functools
import json
import os
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser

from tests.conftest import ROOT

LOADING: Final = {"script", "img", "iframe", "embed", "source", "video", "audio", "object", "input"}
"""Elements whose addresses a browser loads by itself; of `link` all are looked at."""


@pytest.fixture(scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; a link, an anchor or a page's place that is wrong fails here."""
    folder = tmp_path_factory.mktemp("site")
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("mkdocs")), "build", "--quiet", "--strict", "--site-dir", str(folder),
        cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    told, _ = await process.communicate()
    assert process.returncode == 0, told.decode()
    return folder


class Loaded(HTMLParser):
    """The addresses that a page loads without being asked to."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes what an element loads."""
        found = {name: value or "" for name, value in attrs}
        if tag == "link":
            self.addresses.append(found.get("href", ""))
        elif tag in LOADING:
            self.addresses += [found[name] for name in ("src", "data", "poster") if name in found]
            self.addresses += [part.split()[0] for part in found.get("srcset", "").split(",") if part.strip()]


def foreign(address: str) -> bool:
    """Whether an address is of another host, or needs none."""
    return bool(urlsplit(address).netloc)


def test_no_page_loads_anything_from_another_host(site: Path) -> None:
    pages, loaded = sorted(site.rglob("*.html")), 0

    for page in pages:
        reader = Loaded()
        reader.feed(page.read_text())
        loaded += len(reader.addresses)
        assert not [one for one in reader.addresses if foreign(one)], page.name
        assert not re.findall(r"url\(\s*[\"']?(?:https?:)?//", page.read_text()), page.name

    assert len(pages) > 40
    assert loaded > 5 * len(pages)


def test_no_style_loads_anything_from_another_host(site: Path) -> None:
    styles = sorted(site.rglob("*.css"))

    assert styles
    for style in styles:
        assert not re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", style.read_text()), style.name


def test_what_is_searched_is_every_page(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text())

    found = {entry["location"].split("#")[0] for entry in index["docs"]}

    assert {page.relative_to(site).as_posix() for page in site.rglob("*.html")} - found == {"404.html"}


def anchors(file: Path) -> set[str]:
    """The anchors that the repository's view gives a page's headings."""
    text = re.sub(r"^\s*```.*?^\s*```", "", file.read_text(), flags=re.M | re.S)
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.+)$", text, re.M):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        anchor = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        number = 0
        while (given := f"{anchor}-{number}" if number else anchor) in found:
            number += 1
        found.add(given)
    return found


PAGES: Final = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "benchmarks").glob("*.md"),
        ROOT / "web" / "README.md",
    ]
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_link_leads_somewhere_in_the_repositorys_view_too(page: Path) -> None:
    text = re.sub(r"^\s*```.*?^\s*```|`[^`\n]*`", "", page.read_text(), flags=re.M | re.S)

    for file, anchor in re.findall(r"\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]*))?\)", text):
        target = page.parent / file if file else page
        assert target.exists(), file
        assert not anchor or anchor in anchors(target), f"{file}#{anchor}"


class Quiet(SimpleHTTPRequestHandler):
    """Serves the site's files, and says nothing."""

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    """Where the built site is served."""
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.browser
async def test_a_reader_finds_a_page_by_its_words_and_no_other_host_is_asked(browser: Browser, address: str) -> None:
    context = await browser.new_context(color_scheme="dark")
    page = await context.new_page()
    page.set_default_timeout(20_000)
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))

    await page.goto(f"{address}/index.html")
    scheme = await page.locator("body").get_attribute("data-md-color-scheme")
    await page.locator("[data-md-component=search-query]").click()
    await page.locator("[data-md-component=search-query]").press_sequentially("busiest")
    await page.locator(".md-search-result__link[href$='#10-when-are-we-busiest']").click()
    await page.get_by_role("heading", name="When are we busiest?").wait_for()
    await page.goto(f"{address}/architecture.html")
    drawn = await page.locator("img[src='architecture.svg']").evaluate("image => image.naturalWidth")
    await context.close()

    assert scheme == "slate"
    assert drawn == 760
    assert not [url for url in requested if not url.startswith((address, "data:", "blob:"))]
