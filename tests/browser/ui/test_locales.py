"""Numbers and instants as readers of other languages write them, beside those of the API."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.async_api import expect

from tests.browser.ui.reader import AUGUST, Reader
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

EASTERN = str.maketrans("0123456789,", "٠١٢٣٤٥٦٧٨٩٬")
ASCII_DIGITS = set("0123456789")
READERS: dict[str, tuple[Callable[[str], str], str]] = {
    "de-DE": (lambda text: text.replace(",", "."), "01.08.2026, 00:00"),
    "fr-FR": (lambda text: text.replace(",", "\u202f"), "1 août 2026, 00:00"),
    "ar-EG": (lambda text: text.translate(EASTERN), "أغسطس"),
}
"""How each groups a count that is given with commas, and what is said of the first of August."""


@pytest.mark.parametrize("locale", READERS)
async def test_a_page_speaks_the_readers_numbers(reader: Reader, locale: str) -> None:
    written, instant = READERS[locale]
    browser = reader.visit.page.context.browser
    assert browser is not None
    performance = await reader.report("performance", AUGUST)
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale=locale)
    visit = Visit(await context.new_page(), reader.visit.gateway)
    await visit.listen()
    theirs = Reader(visit)

    await theirs.open(f"/performance?{AUGUST}")

    count = performance["responseTimeDistribution"]["count"]
    assert count > 999  # so that it is grouped
    await expect(theirs.card("First response").locator(".context")).to_contain_text(
        f"{written(f'{count:,}')} durations. Percentiles"
    )
    await expect(visit.page.locator("body")).to_contain_text(instant)
    if locale == "ar-EG":
        for title in ("First response", "Resolution", "Within target", "By status"):
            told = await theirs.card(title).inner_text()
            assert not ASCII_DIGITS & set(told.replace("p90", "").replace("p95", "")), told
    assert visit.faults == []
    await context.close()
