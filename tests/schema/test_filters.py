"""What a filter may not be."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import MANAGER, Asking

DOCUMENT = """
query ($filter: TicketFilter!) {
  report(period: {since: "2026-03-01", until: "2026-04-01"}, filter: $filter) { metrics { ticketsCreated { value } } }
}
"""
UNSET = {"tag": {"isNull": True}}


def nested(depth: int) -> dict[str, Any]:
    """A filter inside `and`, so many deep."""
    return UNSET if depth == 0 else {"and": [nested(depth - 1)]}


@pytest.mark.parametrize(
    ("condition", "fragment"),
    [
        ({"or": [UNSET] * 201}, "201 comparisons"),
        (nested(9), "nested"),
        ({"or": []}, "`or` has no parts"),
        ({"category": {"in": []}}, "0 ids"),
        ({"category": {"in": [f"c{n}" for n in range(1_001)]}}, "1001 ids"),
        ({"category": {"in": ["a\0b"]}}, "a character that no id can have"),
        ({"category": {"in": ["\ud800"]}}, "a character that no id can have"),
        ({"priority": {"in": ["hgih"]}}, "Allowed: low, normal, high, urgent"),
        ({"status": {"in": ["merged"]}}, "Allowed: new, open, pending, on_hold, resolved, closed"),
    ],
)
async def test_a_filter_that_cannot_be_used_says_why(ask: Asking, condition: dict[str, Any], fragment: str) -> None:
    result = await ask(DOCUMENT, MANAGER, filter=condition)

    assert result.errors is not None
    assert result.errors[0].extensions is not None
    assert result.errors[0].extensions["code"] == "BAD_USER_INPUT"
    assert fragment in result.errors[0].message
    assert ask.statements == []


async def test_an_empty_part_of_an_or_lets_everything_through(ask: Asking) -> None:
    every = await ask.data(DOCUMENT, MANAGER, filter={})
    some = await ask.data(DOCUMENT, MANAGER, filter={"or": [{}, {"priority": {"in": ["urgent"]}}]})

    assert some == every
