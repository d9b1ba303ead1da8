"""What is skipped or included by a variable, below fields that look at what is selected below them."""

from __future__ import annotations

from tests.conftest import MANAGER, Asking

DOCUMENT = """query ($yes: Boolean!, $no: Boolean = false) {
    report(period: {since: "2026-03-01", until: "2026-04-01"}) {
        breakdown(by: [CATEGORY], first: 1) {
            rows { metrics { ticketsCreated @include(if: $yes) { value } ticketsResolved @skip(if: $yes) { value }
                ... @include(if: $no) { reopens { value } } } } } } }"""


async def test_a_variable_decides_what_is_selected(ask: Asking) -> None:
    data = await ask.data(DOCUMENT, MANAGER, yes=True)

    (row,) = data["report"]["breakdown"]["rows"]
    assert set(row["metrics"]) == {"ticketsCreated"}
    assert row["metrics"]["ticketsCreated"]["value"] > 0


async def test_the_other_value_decides_otherwise(ask: Asking) -> None:
    data = await ask.data(DOCUMENT, MANAGER, yes=False)

    assert set(data["report"]["breakdown"]["rows"][0]["metrics"]) == {"ticketsResolved"}
