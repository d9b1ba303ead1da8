"""Pictures of the pages for README and docs: `make screenshots` writes them, no test runs them.

The demo data of the tests and a period that is over: a picture changes only where the UI does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import expect

from tests.browser.ui.reader import Reader
from tests.conftest import ROOT

FOLDER = ROOT / "docs" / "images"
MAX_BYTES = 150_000
SLICE = "since=2026-07-01&until=2026-10-01&timezone=Europe/Berlin"
HIDE_WHAT_PASSES = """
  for (const one of document.querySelectorAll(".foot, .card .aside")) one.style.visibility = "hidden";
"""
"""They say when the picture was taken."""

PICTURES: dict[str, tuple[str, Literal["light", "dark"], int]] = {
    "overview": (f"/?{SLICE}", "light", 1120),
    "overview-dark": (f"/?{SLICE}", "dark", 1120),
    "overview-narrow": (f"/?{SLICE}", "light", 360),
    "performance": (f"/performance?{SLICE}", "light", 1120),
    "agents": (f"/agents?{SLICE}", "light", 1120),
    "trends": (f"/trends?{SLICE}", "light", 1120),
    "tickets": (f"/tickets?{SLICE}&metric=breachedTickets", "light", 1120),
    "explore": (
        f"/explore?{SLICE}&metric=ticketsCreated&metric=avgResponseTime&metric=csatScore&by=category",
        "light",
        1120,
    ),
    "explore-dark": (f"/explore?{SLICE}&by=day_of_week&by=hour_of_day", "dark", 1120),
}
HEIGHTS = {1120: 680, 360: 740}


@pytest.mark.parametrize("name", PICTURES)
async def test_a_picture_is_taken(reader: Reader, name: str) -> None:
    path, scheme, width = PICTURES[name]
    page = reader.visit.page
    await page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")

    await reader.open(path)
    await page.evaluate("document.fonts.ready")
    await expect(page.locator(".chart-body:empty")).to_have_count(0)
    await page.wait_for_load_state("networkidle")
    await page.evaluate(HIDE_WHAT_PASSES)
    file: Path = FOLDER / f"{name}.png"
    await page.screenshot(path=file, animations="disabled")

    assert file.stat().st_size < MAX_BYTES
