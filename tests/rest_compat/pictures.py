"""Pictures of exported pages for docs: `make screenshots` writes them, no test runs them.

The demo data of the tests and a period that is over: a picture changes only where the export does.
"""

from __future__ import annotations

import json
from typing import Any, Final

import orjson
import pytest
import typst

from db.access import Role
from rest_compat.export.body import order_of
from rest_compat.export.making import content_of
from rest_compat.export.pdf.typesetting import TEMPLATE
from rest_compat.export.pdf.writing import setting_of
from tests.conftest import ROOT, VIEWERS, Asking

FOLDER: Final = ROOT / "docs" / "images"
MAX_BYTES: Final = 150_000
PIXELS_AN_INCH: Final = 62
SLICE: Final = {
    "format": "pdf",
    "since": "2026-07-01",
    "until": "2026-10-01",
    "timezone": "Europe/Berlin",
    "compareTo": "previous_period",
}
PICTURES: Final[dict[str, tuple[Role, dict[str, Any], int]]] = {
    "pdf-summary": (Role.MANAGER, {"report": "summary"}, 0),
    "pdf-performance": (Role.MANAGER, {"report": "performance", "locale": "de"}, 0),
    "pdf-agents": (Role.MANAGER, {"report": "agents", "locale": "en-GB"}, 1),
    "pdf-agents-analyst": (Role.ANALYST, {"report": "agents"}, 0),
    "pdf-trends": (Role.MANAGER, {"report": "trends"}, 0),
    "pdf-tickets": (Role.MANAGER, {"report": "tickets", "metric": "breachedTickets", "compareTo": None}, 0),
    "pdf-breakdown": (Role.MANAGER, {"report": "breakdown", "by": ["category", "day_of_week"]}, 0),
}
"""The role, what is asked for, and which page is shown."""


@pytest.mark.parametrize("name", PICTURES)
async def test_a_picture_is_taken(ask: Asking, name: str) -> None:
    role, body, page = PICTURES[name]
    order = order_of(json.dumps({**SLICE, **body}).encode())
    content = await content_of(ask.gateway, ask.gateway.context(VIEWERS[role]), order)
    given = orjson.loads(await setting_of(content, order.options))

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=given["fonts"])
    compiler = typst.Compiler(TEMPLATE / "report.typ", root=TEMPLATE, font_paths=fonts)
    pages = compiler.compile(format="png", ppi=PIXELS_AN_INCH, sys_inputs={"report": given["report"]})
    picture = pages[page] if isinstance(pages, list) else pages
    assert picture
    (FOLDER / f"{name}.png").write_bytes(picture)

    assert len(picture) < MAX_BYTES
