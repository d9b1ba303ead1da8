"""The four GET routes: what they answer, and that it is what GraphQL answers."""

from __future__ import annotations

from typing import Any

import pytest

from db.access import Role
from tests.rest_compat.conftest import Rest
from tests.rest_compat.desk import EXTRA_AGENTS, FORMULA, MARCH, VIEWERS

ENVELOPE = [
    "report", "period", "comparison", "asOf", "dataVersion", "filter", "attribution", "clock",
]  # fmt: skip
SLICE = 'report(period: {since: "2026-03-01", until: "2026-04-01"}, timezone: "Europe/Berlin")'


async def graphql(rest: Rest, selection: str, role: Role = Role.MANAGER) -> dict[str, Any]:
    context = rest.gateway.context(VIEWERS[role])
    result = await rest.gateway.execute(f"{{ {SLICE} {{ {selection} }} }}", {}, context)
    assert result.errors is None
    assert result.data is not None
    found: dict[str, Any] = result.data["report"]
    return found


@pytest.mark.parametrize("report", ["summary", "performance", "agents", "trends"])
async def test_every_answer_has_the_envelope_and_one_key_named_like_the_report(rest: Rest, report: str) -> None:
    answer = (await rest.get(report, {**MARCH, "timezone": "Europe/Berlin", "compareTo": "previous_period"})).json()

    assert list(answer) == [*ENVELOPE, report]
    assert answer["report"] == report
    assert answer["period"] == {
        "since": "2026-03-01T00:00:00+01:00",
        "until": "2026-04-01T00:00:00+02:00",
        "timezone": "Europe/Berlin",
        "preset": None,
    }
    assert answer["comparison"] == {"since": "2026-01-29T00:00:00+01:00", "until": "2026-03-01T00:00:00+01:00"}
    assert answer["asOf"] == "2026-04-15T12:00:30+02:00"
    assert answer["dataVersion"].isdigit()
    assert (answer["filter"], answer["attribution"], answer["clock"]) == ({}, "event", "calendar")


async def test_without_any_parameter_the_period_is_the_last_thirty_days_in_utc(rest: Rest) -> None:
    answer = (await rest.get("summary", {})).json()

    assert answer["period"] == {
        "since": "2026-03-17T00:00:00+00:00",
        "until": "2026-04-16T00:00:00+00:00",
        "timezone": "UTC",
        "preset": "last_30_days",
    }
    assert answer["comparison"] is None


async def test_the_summary_has_the_contracts_names_and_graphqls_numbers(rest: Rest) -> None:
    parts = "value count previous change"
    wanted = await graphql(
        rest,
        f"summary {{ openTickets {{ {parts} }} avgResponseTime {{ {parts} median p90 p95 }}"
        f" resolutionRate {{ {parts} withinTarget withTarget withoutTarget openBreached }}"
        f" csatScore {{ {parts} average histogram }} }}",
    )

    answer = (await rest.get("summary", {**MARCH, "timezone": "Europe/Berlin"})).json()["summary"]

    assert list(answer) == ["openTickets", "avgResponseTime", "resolutionRate", "csatScore"]
    assert [value["unit"] for value in answer.values()] == ["tickets", "seconds", "ratio", "ratio"]
    for name, numbers in wanted["summary"].items():
        assert {key: answer[name][key] for key in numbers} == numbers
    assert answer["openTickets"]["value"] > EXTRA_AGENTS
    assert isinstance(answer["openTickets"]["value"], int)
    assert len(answer["csatScore"]["histogram"]) == 5
    assert answer["avgResponseTime"]["estimate"] == {
        "method": "log_histogram",
        "relativeError": pytest.approx(0.01, abs=0.01),
    }


async def test_a_comparison_brings_previous_and_change(rest: Rest) -> None:
    value = (await rest.get("summary", {**MARCH, "compareTo": "previous_period"})).json()["summary"]["avgResponseTime"]

    assert value["previous"] > 0
    assert value["change"] == pytest.approx((value["value"] - value["previous"]) / value["previous"])


async def test_performance_has_the_contracts_names_and_graphqls_numbers(rest: Rest) -> None:
    spread = "count mean median p90 p95 buckets { from to count share }"
    wanted = await graphql(
        rest,
        "performance { ticketsByStatus { count share } ticketsByCategory { category { id name } count share }"
        f" responseTimeDistribution {{ {spread} }} resolutionTimeDistribution {{ {spread} }} }}",
    )

    answer = (await rest.get("performance", {**MARCH, "timezone": "Europe/Berlin"})).json()["performance"]

    statuses = [one["status"] for one in answer["ticketsByStatus"]]
    assert statuses == ["new", "open", "pending", "on_hold", "resolved", "closed"]
    assert [{k: v for k, v in one.items() if k != "status"} for one in answer["ticketsByStatus"]] == wanted[
        "performance"
    ]["ticketsByStatus"]
    assert answer["ticketsByCategory"] == wanted["performance"]["ticketsByCategory"]
    assert None in [one["category"] for one in answer["ticketsByCategory"]]
    for name in ("responseTimeDistribution", "resolutionTimeDistribution"):
        assert answer[name] == {"unit": "seconds", **wanted["performance"][name]}


async def test_own_edges_are_taken_for_both_distributions(rest: Rest) -> None:
    answer = (await rest.get("performance", {**MARCH, "edges": "0,600, 7200"})).json()["performance"]

    for name in ("responseTimeDistribution", "resolutionTimeDistribution"):
        assert [(one["from"], one["to"]) for one in answer[name]["buckets"]] == [(0, 600), (600, 7200), (7200, None)]


async def test_agents_are_paged_by_limit_and_cursor(rest: Rest) -> None:
    first = (await rest.get("agents", {**MARCH, "limit": "2", "sort": "-ticketsCreated"})).json()["agents"]
    second = (
        await rest.get("agents", {**MARCH, "limit": "2", "sort": "-ticketsCreated", "cursor": first["nextCursor"]})
    ).json()["agents"]

    assert first["total"] == EXTRA_AGENTS + 4
    rows = first["rows"] + second["rows"]
    assert {row["agent"] and row["agent"]["id"] for row in rows} == {"A-1", "A-2", "A-3", None}
    assert list(rows[0]) == [
        *("agent", "ticketsCreated", "ticketsResolved", "openTickets", "responseTime", "resolutionTime"),
        *("resolutionRate", "rating"),
    ]
    assert list(rows[0]["responseTime"]) == ["mean", "median", "p90", "count"]


async def test_agents_can_be_searched_and_ordered_by_name(rest: Rest) -> None:
    found = (await rest.get("agents", {**MARCH, "search": "extra 00", "sort": "-name"})).json()["agents"]

    assert [row["agent"]["id"] for row in found["rows"]] == [f"X-{n:03}" for n in range(9, -1, -1)]


async def test_trends_have_every_bucket_the_categories_and_the_week_by_hour(rest: Rest) -> None:
    wanted = await graphql(
        rest,
        "trends(grain: WEEK) { volume { start created resolved reopened open isPartial }"
        " categories { category { id name } points share previousTotal previousShare change }"
        " fastestMovers { risers { category { id name } count previous difference change } }"
        " seasonality { weekdayHour weekday month decomposition { starts trend seasonal remainder }"
        " forecast { start expected low high low95 high95 } anomalies { start actual expected score }"
        " reasons { part reason } reason } }",
    )

    answer = (await rest.get("trends", {**MARCH, "timezone": "Europe/Berlin", "grain": "week"})).json()["trends"]

    assert answer["grain"] == "week"
    assert answer["volume"] == wanted["trends"]["volume"]
    assert answer["categories"] == wanted["trends"]["categories"]
    assert answer["fastestMovers"]["basis"] == "halves"
    assert answer["fastestMovers"]["risers"] == wanted["trends"]["fastestMovers"]["risers"]
    reasons = [{**one, "part": one["part"].lower()} for one in wanted["trends"]["seasonality"]["reasons"]]
    assert answer["seasonality"] == {**wanted["trends"]["seasonality"], "reasons": reasons}
    assert "month" in [one["part"] for one in reasons]


@pytest.mark.parametrize(
    ("given", "condition"),
    [
        ({"category": ["invoices"]}, {"category": {"in": ["invoices"]}}),
        ({"category": ["none"]}, {"category": {"isNull": True}}),
        (
            {"category": ["invoices", "none"]},
            {"or": [{"category": {"in": ["invoices"]}}, {"category": {"isNull": True}}]},
        ),
        ({"priority": ["high", "low"], "tag": ["vip"]}, {"priority": {"in": ["high", "low"]}, "tag": {"in": ["vip"]}}),
        ({"channel": ["web"], "status": ["open"]}, {"channel": {"in": ["web"]}, "status": {"in": ["open"]}}),
        (
            {"team": ["none", "billing"], "agent": ["A-1", "none"], "organization": ["O-1"]},
            {
                "organization": {"in": ["O-1"]},
                "and": [
                    {"or": [{"team": {"in": ["billing"]}}, {"team": {"isNull": True}}]},
                    {"or": [{"agent": {"in": ["A-1"]}}, {"agent": {"isNull": True}}]},
                ],
            },
        ),
    ],
)
async def test_a_filter_selects_as_graphqls_does_and_is_echoed_as_given(
    rest: Rest, given: dict[str, list[str]], condition: dict[str, Any]
) -> None:
    document = (
        'query($f: TicketFilter) { report(period: {since: "2026-03-01", until: "2026-04-01"}, filter: $f)'
        " { performance { ticketsByStatus { count } } } }"
    )
    result = await rest.gateway.execute(document, {"f": condition}, rest.gateway.context(VIEWERS[Role.MANAGER]))
    assert result.data is not None

    answer = (await rest.get("performance", {**MARCH, **given})).json()

    counts = [one["count"] for one in answer["performance"]["ticketsByStatus"]]
    assert counts == [one["count"] for one in result.data["report"]["performance"]["ticketsByStatus"]]
    assert sum(counts) > 0
    assert answer["filter"] == given


@pytest.mark.parametrize(("attribution", "clock"), [("creation", "calendar"), ("event", "business")])
async def test_attribution_and_clock_are_taken_and_echoed(rest: Rest, attribution: str, clock: str) -> None:
    answer = (await rest.get("summary", {**MARCH, "attribution": attribution, "clock": clock})).json()

    assert (answer["attribution"], answer["clock"]) == (attribution, clock)


@pytest.mark.parametrize("preset", ["today", "this_week", "last_month", "last_365_days", "last_year"])
async def test_a_preset_is_taken_and_echoed_in_lower_case(rest: Rest, preset: str) -> None:
    assert (await rest.get("summary", {"period": preset})).json()["period"]["preset"] == preset


@pytest.mark.parametrize("sent", ["2026-03-01T09:30:00%2B01:00", "2026-03-01T09:30:00+01:00", "2026-03-01T08:30:00Z"])
async def test_a_time_may_have_an_offset_even_where_its_plus_arrives_as_a_space(rest: Rest, sent: str) -> None:
    answer = (await rest.get("summary", f"since={sent}&until=2026-04-01")).json()

    assert answer["period"]["since"] == "2026-03-01T08:30:00+00:00"


async def test_headers_tell_how_to_cache_what_it_took_and_which_request_it_was(rest: Rest) -> None:
    response = await rest.get("summary", headers={"X-Request-Id": "trace-7"})

    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "private, no-cache"
    assert response.headers["vary"] == "Authorization"
    assert response.headers["x-request-id"] == "trace-7"
    assert "total;dur=" in response.headers["server-timing"]
    assert ' statements"' in response.headers["server-timing"]


@pytest.mark.parametrize("sent", ["", "a b", "x" * 65, 'quote"d'])
async def test_a_request_id_that_is_not_sane_is_replaced(rest: Rest, sent: str) -> None:
    response = await rest.get("summary", headers={"X-Request-Id": sent})

    assert response.headers["x-request-id"] != sent
    assert len(response.headers["x-request-id"]) == 16


@pytest.mark.parametrize("report", ["summary", "performance", "agents", "trends"])
async def test_head_answers_with_the_headers_of_get_and_no_body(rest: Rest, report: str) -> None:
    got = await rest.get(report)
    head = await rest.request("HEAD", f"/api/tickets/reports/{report}", params=MARCH, headers=rest.bearer())

    assert head.status_code == 200
    assert head.content == b""
    assert (head.headers["etag"], head.headers["content-length"]) == (
        got.headers["etag"],
        got.headers["content-length"],
    )


async def test_names_arrive_as_they_are(rest: Rest) -> None:
    rows = (await rest.get("agents", {**MARCH, "search": "A-2"})).json()["agents"]["rows"]

    assert rows[0]["agent"]["name"] == FORMULA
    assert rows[0]["agent"]["team"] == {"id": "support", "name": "-Support"}
