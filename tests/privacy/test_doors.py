"""What is withheld is withheld at every door: REST and its exports say it as the contract does."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import httpx
import pytest
from starlette.applications import Starlette

from db.access import Role, Viewer
from rest_compat.problems import exception_handlers
from rest_compat.routes import PREFIX, report_routes
from tests.conftest import MANAGER, VIEWERS, Asking

ANALYST: Final = VIEWERS[Role.ANALYST]
JULY: Final = {"since": "2025-07-01", "until": "2025-08-01"}
UNSET: Final = {**JULY, "category": "none"}
"""Three ratings of the demo."""


async def send(ask: Asking, viewer: Viewer, method: str, path: str, **further: Any) -> httpx.Response:
    """The answer of a route."""
    bearer = {"Authorization": f"Bearer {ask.gateway.identity.issue(viewer, timedelta(hours=1))}"}
    app = Starlette(routes=report_routes(ask.gateway, ask.gateway), exception_handlers=exception_handlers())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as client:
        answer = await client.request(method, f"{PREFIX}/{path}", headers=bearer, **further)
    assert answer.status_code == 200, answer.text
    return answer


async def rating(ask: Asking, params: Mapping[str, Any], viewer: Viewer = ANALYST) -> Any:
    """The rating part of a summary."""
    return (await send(ask, viewer, "GET", "summary", params=params)).json()["summary"]["csatScore"]


async def test_a_small_group_shows_its_count_as_fewer_than_five(ask: Asking) -> None:
    found = await rating(ask, UNSET)

    assert (found["count"], found["suppressed"], found["suppression"]) == ("<5", True, "small_group")
    assert (found["value"], found["average"], found["histogram"]) == (None, None, [])
    assert "fewer than 5 ratings" in found["reason"]
    assert (await rating(ask, UNSET, MANAGER))["count"] == 3


async def test_the_group_that_would_give_it_away_cannot_be_told_from_it(ask: Asking) -> None:
    """A mark of its own would tell which of the two is small, and the sum of both by bounds what it is."""
    rows = "breakdown(by: [CATEGORY]) { rows { keys { id } metrics { csatScore { suppressed } } } }"
    period = 'period: {since: "2025-07-01", until: "2025-08-01"}'
    data = await ask.data(f"{{ report({period}) {{ {rows} }} }}", ANALYST)
    hidden = [
        row["keys"][0]["id"] or "none"
        for row in data["report"]["breakdown"]["rows"]
        if row["metrics"]["csatScore"]["suppressed"]
    ]
    assert len(hidden) == 2

    first, second = [await rating(ask, {**JULY, "category": one}) for one in hidden]

    assert first == second


@pytest.mark.parametrize(
    ("params", "suppression"),
    [
        ({"since": "2025-07-01", "until": "2025-09-01", "category": "none"}, "small_part"),
        ({**JULY, "category": "billing", "priority": "low"}, "not_offered"),
        ({**JULY, "tag": "vip"}, "not_offered"),
        ({**JULY, "category": "billing", "timezone": "Europe/Berlin"}, "not_offered"),
        ({"period": "last_30_days"}, "not_offered"),
        ({**JULY, "attribution": "creation"}, "not_offered"),
    ],
)
async def test_a_sum_and_a_question_that_is_not_answered_have_no_count(
    params: dict[str, Any], suppression: str, ask: Asking
) -> None:
    found = await rating(ask, params)

    assert (found["suppression"], found["count"], found["value"]) == (suppression, None, None)


async def test_a_large_group_in_a_whole_month_is_shown_as_to_everybody(ask: Asking) -> None:
    for params in (
        JULY,
        {**JULY, "category": "billing"},
        {**JULY, "priority": ["low", "high"]},
        {"period": "last_month"},
    ):
        assert await rating(ask, params) == await rating(ask, params, MANAGER)


@pytest.mark.parametrize("compare", ["previous_period", "previous_year"])
async def test_a_comparison_does_not_give_a_small_group_back(compare: str, ask: Asking) -> None:
    """July 2025 has three ratings without a category; it is the period before August, and a year before July 2026."""
    since, until = ("2025-08-01", "2025-09-01") if compare == "previous_period" else ("2026-07-01", "2026-08-01")

    found = await rating(ask, {"since": since, "until": until, "category": "none", "compareTo": compare})

    assert (found["previous"], found["change"]) == (None, None)


async def test_an_export_is_what_the_screen_shows(ask: Asking) -> None:
    body = {"report": "summary", **UNSET}

    as_json = (await send(ask, ANALYST, "POST", "export", json={**body, "format": "json"})).json()
    as_csv = (await send(ask, ANALYST, "POST", "export", json={**body, "format": "csv"})).text
    lines = (await send(ask, ANALYST, "POST", "export", json={**body, "format": "ndjson"})).text.splitlines()

    assert as_json["summary"]["csatScore"] == await rating(ask, UNSET)
    (row,) = [row for row in csv.DictReader(io.StringIO(as_csv)) if row["Metric"] == "csatScore"]
    assert (row["Count"], row["Value"], row["Suppressed"], row["Ratings of 5"]) == ("<5", "", "true", "")
    assert any('"metric":"csatScore"' in line and '"count":"<5"' in line for line in lines)
