"""Every number of the reports equals a query written by hand over the raw tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pytest

from db import sketch
from db.catalog.times import RESOLUTION_EDGES, RESPONSE_EDGES
from tests.conftest import MANAGER, VIEWERS, Asking
from tests.oracle.questions import QUESTIONS, Oracle, Question

SOME: Final = (
    "a month in Berlin, with its change to summer time",
    "a period that still runs",
    "by creation",
    "business clock",
    "words",
    "a team lead's",
    "an agent's",
    "a time before all tickets",
)
some_questions = pytest.mark.parametrize("name", SOME)
OWN_EDGES: Final = (0, 60, 5000, 5001, 1_000_000)

DISTRIBUTION: Final = "unit count mean median p90 p95 buckets { from to count share }"


def spread_sql(source: str, edges: Sequence[int]) -> str:
    """Mean, percentiles, and a count for each bucket."""
    uppers = [f" AND {{seconds}} < {edge}" for edge in edges[1:]] + [""]
    buckets = ", ".join(
        f"count(*) FILTER (WHERE {{seconds}} >= {low}{upper})" for low, upper in zip(edges, uppers, strict=True)
    )
    return f"""
        SELECT count({{seconds}}) AS count, avg({{seconds}})::float8 AS mean,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY {{seconds}}) AS median,
            percentile_cont(0.9) WITHIN GROUP (ORDER BY {{seconds}}) AS p90,
            percentile_cont(0.95) WITHIN GROUP (ORDER BY {{seconds}}) AS p95, ARRAY[{buckets}] AS buckets
        FROM raw_{source} WHERE {{slice}}"""


def near(value: float | None) -> Any:
    """Equal but for the error that is allowed to a percentile."""
    return None if value is None else pytest.approx(value, rel=sketch.RELATIVE_ERROR, abs=0)


def exactly(value: float | None) -> Any:
    """Equal but for the last bits of a division."""
    return None if value is None else pytest.approx(value, rel=1e-12, abs=0)


def share(count: int, whole: int) -> Any:
    """A part of a whole."""
    return exactly(count / whole if whole else None)


async def ask_report(ask: Asking, question: Question, fields: str, **further: str) -> dict[str, Any]:
    """The fields of the report that a question asks."""
    arguments = ", ".join([question.arguments, *(f"{name}: {value}" for name, value in further.items())])
    data = await ask.data(f"{{ report({arguments}) {{ {fields} }} }}", VIEWERS[question.role])
    return data["report"]  # type: ignore[no-any-return]


@some_questions
async def test_tickets_by_status_and_category_are_those_created_in_the_period(
    name: str, ask: Asking, oracle: Oracle
) -> None:
    question = QUESTIONS[name]
    by_status = {
        row["status"]: row["n"]
        for row in await oracle.rows(
            "SELECT status, count(*) AS n FROM raw_created WHERE {slice} GROUP BY status", question
        )
    }
    by_category = {
        row["category"]: row["n"]
        for row in await oracle.rows(
            "SELECT category, count(*) AS n FROM raw_created WHERE {slice} GROUP BY category", question
        )
    }
    whole = sum(by_status.values())

    found = (
        await ask_report(
            ask,
            question,
            "performance { ticketsByStatus { status count share } ticketsByCategory { category { id } count share } }",
        )
    )["performance"]

    assert [(row["status"], row["count"], row["share"]) for row in found["ticketsByStatus"]] == [
        (status.upper(), by_status.get(status, 0), share(by_status.get(status, 0), whole))
        for status in ("new", "open", "pending", "on_hold", "resolved", "closed")
    ]
    categories = {(row["category"] or {}).get("id"): row["count"] for row in found["ticketsByCategory"]}
    assert categories == by_category
    assert [row["share"] for row in found["ticketsByCategory"]] == [share(n, whole) for n in categories.values()]
    assert list(categories.values()) == sorted(categories.values(), reverse=True)


@some_questions
@pytest.mark.parametrize("edges", [None, OWN_EDGES], ids=["usual edges", "own edges"])
async def test_distributions_are_those_of_the_durations(
    name: str, edges: tuple[int, ...] | None, ask: Asking, oracle: Oracle
) -> None:
    question = QUESTIONS[name]
    argument = f"(edges: {list(edges)})" if edges else ""

    found = (
        await ask_report(
            ask,
            question,
            f"performance{argument} {{ responseTimeDistribution {{ {DISTRIBUTION} }} "
            f"resolutionTimeDistribution {{ {DISTRIBUTION} }} }}",
        )
    )["performance"]

    for field, sql, usual in (
        ("responseTimeDistribution", ("response", "{slice}"), RESPONSE_EDGES),
        ("resolutionTimeDistribution", ("resolution", "{slice} AND standing"), RESOLUTION_EDGES),
    ):
        lows = edges or usual
        text = spread_sql(sql[0], lows).replace("{slice}", sql[1])
        expected = await oracle.row(text, question)
        here = found[field]
        assert here["unit"] == "SECONDS"
        assert (here["count"], here["mean"]) == (expected["count"], exactly(expected["mean"]))
        assert [here[p] for p in ("median", "p90", "p95")] == [near(expected[p]) for p in ("median", "p90", "p95")]
        assert [(b["from"], b["to"], b["count"], b["share"]) for b in here["buckets"]] == [
            (low, high, n, share(n, expected["count"]))
            for low, high, n in zip(lows, (*lows[1:], None), expected["buckets"], strict=True)
        ]


AGENTS: Final = """
, created AS (SELECT agent, count(*) AS created FROM raw_created WHERE {slice} GROUP BY 1),
open AS (SELECT agent, count(*) AS open FROM raw_open WHERE {stock} GROUP BY 1),
response AS (
    SELECT agent, avg({seconds})::float8 AS mean, count({seconds}) AS n,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY {seconds}) AS median,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY {seconds}) AS p90
    FROM raw_response WHERE {slice} GROUP BY 1),
resolution AS (
    SELECT agent, count(*) AS resolved, avg({seconds})::float8 AS mean, count({seconds}) AS n,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY {seconds}) AS median,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY {seconds}) AS p90,
        avg(within_target::int)::float8 AS rate, count(within_target) AS targets
    FROM raw_resolution WHERE {slice} AND standing GROUP BY 1),
rating AS (
    SELECT agent, avg((score >= 4)::int)::float8 AS csat, avg(score)::float8 AS average, count(*) AS n
    FROM raw_rating WHERE {slice} GROUP BY 1)
SELECT everybody.agent, coalesce(created, 0) AS created, coalesce(resolved, 0) AS resolved, coalesce(open, 0) AS open,
    response.mean AS response_mean, response.median AS response_median, response.p90 AS response_p90,
    coalesce(response.n, 0) AS response_n,
    resolution.mean AS resolution_mean, resolution.median AS resolution_median, resolution.p90 AS resolution_p90,
    coalesce(resolution.n, 0) AS resolution_n, rate, coalesce(targets, 0) AS targets,
    csat, average, coalesce(rating.n, 0) AS ratings
FROM (SELECT agent FROM created UNION SELECT agent FROM open UNION SELECT agent FROM response
      UNION SELECT agent FROM resolution UNION SELECT agent FROM rating) everybody
LEFT JOIN created ON created.agent IS NOT DISTINCT FROM everybody.agent
LEFT JOIN open ON open.agent IS NOT DISTINCT FROM everybody.agent
LEFT JOIN response ON response.agent IS NOT DISTINCT FROM everybody.agent
LEFT JOIN resolution ON resolution.agent IS NOT DISTINCT FROM everybody.agent
LEFT JOIN rating ON rating.agent IS NOT DISTINCT FROM everybody.agent"""


@some_questions
async def test_agents_rows_are_those_who_did_anything(name: str, ask: Asking, oracle: Oracle) -> None:
    question = QUESTIONS[name]
    expected = {row["agent"]: row for row in await oracle.rows(AGENTS, question)}
    times = "{ mean median p90 count }"

    found = (
        await ask_report(
            ask,
            question,
            f"agents(first: 500) {{ total rows {{ agent {{ id }} ticketsCreated ticketsResolved openTickets "
            f"responseTime {times} resolutionTime {times} resolutionRate {{ value count }} "
            "rating { csatScore average count } } }",
        )
    )["agents"]

    assert found["total"] == len(found["rows"]) == len(expected)
    for row in found["rows"]:
        one = expected[row["agent"] and row["agent"]["id"]]
        assert (row["ticketsCreated"], row["ticketsResolved"]) == (one["created"], one["resolved"])
        assert row["openTickets"] == one["open"]
        for kind in ("response", "resolution"):
            here = row[f"{kind}Time"]
            assert (here["count"], here["mean"]) == (one[f"{kind}_n"], exactly(one[f"{kind}_mean"]))
            assert [here["median"], here["p90"]] == [near(one[f"{kind}_median"]), near(one[f"{kind}_p90"])]
        assert row["resolutionRate"] == {"value": exactly(one["rate"]), "count": one["targets"]}
        rating = {"csatScore": exactly(one["csat"]), "average": exactly(one["average"]), "count": one["ratings"]}
        assert row["rating"] == rating


async def test_unassigned_work_is_a_row_without_an_agent(ask: Asking, oracle: Oracle) -> None:
    question = QUESTIONS["a period that still runs"]
    expected = await oracle.row("SELECT count(*) AS n FROM raw_open WHERE {stock} AND agent IS NULL", question)

    report = await ask_report(ask, question, "agents(first: 500) { rows { agent { id } openTickets } }")

    (row,) = [row for row in report["agents"]["rows"] if row["agent"] is None]
    assert row["openTickets"] == expected["n"] > 0


def days(count: str, source: str, *, zone: str) -> str:
    """Rows by local day of the anchor."""
    return (
        f"SELECT ({{anchor}} AT TIME ZONE '{zone}')::date::text AS day, {count} AS n FROM raw_{source} "
        "WHERE {slice} GROUP BY 1"
    )


@pytest.mark.parametrize("name", SOME)
async def test_the_volume_of_every_local_day_is_counted_and_no_day_is_missing(
    name: str, ask: Asking, oracle: Oracle
) -> None:
    question = QUESTIONS[name]
    sources = {"created": "created", "resolved": "resolution", "reopened": "reopen"}
    expected = {
        field: {
            row["day"]: row["n"]
            for row in await oracle.rows(
                days("count(*)" if field != "resolved" else "count(*) FILTER (WHERE standing)", source, zone=zone),
                question,
            )
        }
        for field, source in sources.items()
        for zone in [question.timezone]
    }
    every_day = [
        row["day"]
        for row in await oracle.rows(
            f"SELECT day::date::text AS day FROM generate_series($1 AT TIME ZONE '{question.timezone}',"
            f" $2 AT TIME ZONE '{question.timezone}' - interval '1 s', '1 day') day",
            question,
        )
    ]

    trends = (await ask_report(ask, question, "trends { volume { start created resolved reopened isPartial } }"))[
        "trends"
    ]

    assert [point["start"] for point in trends["volume"]] == every_day
    for point in trends["volume"]:
        assert {field: point[field] for field in sources} == {
            field: expected[field].get(point["start"], 0) for field in sources
        }
        assert point["isPartial"] == (point["start"] == "2026-10-01")


@pytest.mark.parametrize("name", ["a month in Berlin, with its change to summer time", "by creation", "a team lead's"])
async def test_what_is_open_at_the_end_of_every_week_is_the_stock_at_that_instant(
    name: str, ask: Asking, oracle: Oracle
) -> None:
    question = QUESTIONS[name]
    zone = question.timezone
    monday = f"SELECT date_trunc('week', $1 AT TIME ZONE '{zone}')"
    weeks = await oracle.rows(
        f"SELECT week::date::text AS start, to_json(greatest($1, week AT TIME ZONE '{zone}')) #>> '{{{{}}}}' AS since,"
        f" to_json(least($2, (week + interval '7 days') AT TIME ZONE '{zone}')) #>> '{{{{}}}}' AS until"
        f" FROM generate_series(({monday}), $2 AT TIME ZONE '{zone}' - interval '1 s', '7 days') week",
        question,
    )
    expected = []
    for week in weeks:
        part = Question(question.period, (week["since"], week["until"]), where=question.where,
                        attribution=question.attribution)  # fmt: skip
        stock = await oracle.row("SELECT count(*) AS n FROM raw_open WHERE {stock}", part)
        expected.append((week["start"], stock["n"]))

    trends = (await ask_report(ask, question, "trends(grain: WEEK) { volume { start open } }"))["trends"]

    assert [(point["start"], point["open"]) for point in trends["volume"]] == expected


@some_questions
async def test_category_trends_are_the_tickets_created_by_category_and_day(
    name: str, ask: Asking, oracle: Oracle
) -> None:
    question = QUESTIONS[name]
    expected: dict[str | None, dict[str, int]] = {}
    for row in await oracle.rows(
        f"SELECT category, (created_at AT TIME ZONE '{question.timezone}')::date::text AS day, count(*) AS n"
        " FROM raw_created WHERE {slice} GROUP BY 1, 2",
        question,
    ):
        expected.setdefault(row["category"], {})[row["day"]] = row["n"]

    trends = (await ask_report(ask, question, "trends { volume { start } categories { category { id } points } }"))[
        "trends"
    ]

    starts = [point["start"] for point in trends["volume"]]
    found = {
        (one["category"] or {}).get("id"): {s: n for s, n in zip(starts, one["points"], strict=True) if n}
        for one in trends["categories"]
    }
    assert found == expected
    totals = [sum(one["points"]) for one in trends["categories"]]
    assert totals == sorted(totals, reverse=True)


async def test_a_category_trend_stands_against_the_first_comparison(ask: Asking, oracle: Oracle) -> None:
    march = QUESTIONS["a month"]
    before = Question("2026-01-29 2026-03-01", ("2026-01-29T00:00Z", "2026-03-01T00:00Z"))
    expected = {
        row["category"]: row["n"]
        for row in await oracle.rows(
            "SELECT category, count(*) AS n FROM raw_created WHERE {slice} GROUP BY category", before
        )
    }

    report = await ask_report(
        ask,
        march,
        "trends { categories { category { id } points previousTotal change } }",
        compareTo="[PREVIOUS_PERIOD, PREVIOUS_YEAR]",
    )

    for one in report["trends"]["categories"]:
        previous = expected[(one["category"] or {}).get("id")]
        assert one["previousTotal"] == previous
        assert one["change"] == exactly((sum(one["points"]) - previous) / previous)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe"])
async def test_weekday_by_hour_follows_the_wall_clock_of_the_zone(zone: str, ask: Asking, oracle: Oracle) -> None:
    question = Question("2026-03-01T00:00:00Z 2026-04-13T00:00:00Z", ("2026-03-01T00:00Z", "2026-04-13T00:00Z"), zone)
    grid = [[0] * 24 for _ in range(7)]
    for row in await oracle.rows(
        f"SELECT extract(isodow FROM created_at AT TIME ZONE '{zone}')::int AS day,"
        f" extract(hour FROM created_at AT TIME ZONE '{zone}')::int AS hour, count(*) AS n"
        " FROM raw_created WHERE {slice} GROUP BY 1, 2",
        question,
    ):
        grid[row["day"] - 1][row["hour"]] = row["n"]

    trends = (await ask_report(ask, question, "trends { seasonality { weekdayHour } }"))["trends"]

    assert trends["seasonality"]["weekdayHour"] == grid


@some_questions
@pytest.mark.parametrize("dimension", ["CATEGORY", "PRIORITY", "CHANNEL", "STATUS", "TEAM", "AGENT", "ORGANIZATION"])
async def test_rows_by_a_dimension_are_its_groups(name: str, dimension: str, ask: Asking, oracle: Oracle) -> None:
    question = QUESTIONS[name]
    column = dimension.lower()
    then = "status_then" if column == "status" else column
    created = await oracle.rows(
        f"SELECT {column} AS key, count(*) AS n FROM raw_created WHERE {{slice}} GROUP BY 1", question
    )
    open_ = await oracle.rows(f"SELECT {then} AS key, count(*) AS n FROM raw_open WHERE {{stock}} GROUP BY 1", question)
    expected: dict[str | None, tuple[int, int]] = {row["key"]: (row["n"], 0) for row in created}
    expected |= {row["key"]: (expected.get(row["key"], (0, 0))[0], row["n"]) for row in open_}

    report = await ask_report(
        ask,
        question,
        f"breakdown(by: [{dimension}], first: 500) {{ total rows {{ keys {{ id }} metrics "
        "{ ticketsCreated { value } openTickets { value } } } }",
    )

    found = {
        row["keys"][0]["id"]: tuple(row["metrics"][m]["value"] for m in ("ticketsCreated", "openTickets"))
        for row in report["breakdown"]["rows"]
    }
    assert found == expected
    assert report["breakdown"]["total"] == len(expected)


async def test_a_ticket_stands_in_the_row_of_each_of_its_tags(ask: Asking, oracle: Oracle) -> None:
    question = QUESTIONS["a month"]
    expected = {
        row["tag"]: row["n"]
        for row in await oracle.rows(
            "SELECT unnest(coalesce(tags, '{{NULL}}')) AS tag, count(*) AS n FROM raw_created WHERE {slice} GROUP BY 1",
            question,
        )
    }

    report = await ask_report(
        ask, question, "breakdown(by: [TAG]) { rows { keys { id } metrics { ticketsCreated { value } } } }"
    )

    rows = report["breakdown"]["rows"]
    assert {row["keys"][0]["id"]: row["metrics"]["ticketsCreated"]["value"] for row in rows} == expected


async def test_a_series_has_the_numbers_of_the_rows_by_time(ask: Asking) -> None:
    metrics = "ticketsCreated { %s } openTickets { %s } avgResponseTime { %s } csatScore { %s }"
    columns, cells = metrics.replace("%s", "values counts"), metrics.replace("%s", "value count")
    data = await ask.data(
        f"""{{ report({QUESTIONS["a period that still runs"].arguments}) {{
            series(grain: WEEK, by: TEAM) {{ starts isPartial groups {{ key {{ id }} metrics {{ {columns} }} }} }}
            breakdown(by: [TEAM, TIME], grain: WEEK, first: 500) {{
                rows {{ keys {{ id start }} metrics {{ {cells} }} }} }} }} }}""",
        MANAGER,
    )
    series, rows = data["report"]["series"], data["report"]["breakdown"]["rows"]

    found = {
        (group["key"]["id"], start): {
            name: {"value": column["values"][number], "count": column["counts"][number]}
            for name, column in group["metrics"].items()
        }
        for group in series["groups"]
        for number, start in enumerate(series["starts"])
    }

    assert {(row["keys"][0]["id"], row["keys"][1]["start"]): row["metrics"] for row in rows} == found
    assert sum(series["isPartial"]) == 1
