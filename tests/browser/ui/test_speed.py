"""How long a click takes on the demo data, until the old numbers are dimmed and until the new ones are drawn."""

from __future__ import annotations

from statistics import median

import pytest
from playwright.async_api import expect

from tests.browser.ui.reader import AUGUST, Reader

pytestmark = pytest.mark.browser

ROUNDS = 5
MAX_REACTION_MS = 250
"""What is aimed at is 100 (benchmarks/RESULTS.md); a loaded machine is no failure."""
MAX_ANSWER_MS = 3_000

CLICKED = """
  async (row) => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const cards = document.querySelector(".cards");
    const start = performance.now();
    row.click();
    do await frame(); while (!cards.classList.contains("stale") && performance.now() - start < 2000);
    const dimmed = performance.now();
    while (cards.classList.contains("stale")) await frame();
    await frame();
    return [dimmed - start, performance.now() - start];
  }
"""


DRAWN = """
  () => {
    const seen = (window.seen = []);
    const look = () => location.pathname === "/trends" && seen.push([
      [...document.querySelectorAll(".cards .card h2")].map((one) => one.textContent),
      document.querySelectorAll(".cards .skeleton").length,
    ]);
    new MutationObserver(look).observe(document.querySelector("main"), { childList: true, subtree: true });
  }
"""


async def test_a_filter_is_answered_at_once(reader: Reader) -> None:
    await reader.open(f"/performance?{AUGUST}")
    first = reader.card("By category").locator(".bar-list button").first
    times = []

    for at in range(ROUNDS):
        row = await first.element_handle()
        assert row is not None
        times.append(await reader.visit.page.evaluate(CLICKED, row))
        # One click narrows to the category, the next widens again.
        await expect(first).to_have_attribute("aria-pressed", "false" if at % 2 else "true")

    reaction, answer = (median(column) for column in zip(*times, strict=True))
    print(f"dimmed after {reaction:.0f} ms, drawn after {answer:.0f} ms (medians of {ROUNDS} clicks)")
    assert reaction < MAX_REACTION_MS
    assert answer < MAX_ANSWER_MS


async def test_the_way_back_to_trends_is_answered_by_what_a_screen_holds(reader: Reader) -> None:
    await reader.open(f"/trends?{AUGUST}")
    page = reader.visit.page
    pages = page.get_by_role("navigation", name="Pages")
    await pages.get_by_role("link", name="Overview").click()
    await reader.settle()

    await page.evaluate(DRAWN)
    await pages.get_by_role("link", name="Trends").click()
    await expect(reader.card("When tickets come in")).to_be_visible()

    seen = await page.evaluate("window.seen")
    assert (len(seen[0][0]), seen[0][1] > 0) == (1, True)
    assert (len(seen[-1][0]) > 5, seen[-1][1]) == (True, 0)
