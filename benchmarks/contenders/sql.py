"""The statements of `by_hand`, with their constants in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from benchmarks.contenders.questions import Report, Span, before
from benchmarks.desk import ZONE
from benchmarks.desk.days import midnight
from benchmarks.desk.lives import instant
from db.catalog.times import RESOLUTION_EDGES, RESPONSE_EDGES

_DONE: Final = "('resolved', 'closed')"
_LEAVES: Final = f"kind = 1 AND from_value NOT IN {_DONE} AND to_value IN {_DONE}"
_RETURNS: Final = f"kind = 1 AND from_value IN {_DONE} AND to_value NOT IN {_DONE}"
_ANSWER_SECONDS: Final = "date_part('epoch', t.first_response_at - t.created_at)"
_SOLVE_SECONDS: Final = "date_part('epoch', t.resolved_at - t.created_at)"


@dataclass(frozen=True)
class Conditions:
    """What holds for the tickets `t` of a cut, for those whose first response is its, and whose stock it is."""

    tickets: str = ""
    responses: str = ""
    agent: str | None = None

    @property
    def owned(self) -> str:
        """The condition on tickets, to follow others."""
        return f" AND {self.tickets}" if self.tickets else ""

    @property
    def answered(self) -> str:
        """The same on those whose first response counts."""
        return f" AND {self.responses}" if self.responses else self.owned


def statement(report: Report, cut: Conditions, span: Span) -> str:
    """The statement of a report."""
    return _STATEMENTS[report](cut, span)


def _at(day: date) -> str:
    return f"timestamptz '{instant(midnight(day)).isoformat()}'"


def _in(column: str, span: Span) -> str:
    return f"{column} >= {_at(span.since)} AND {column} < {_at(span.until)}"


def _local(column: str) -> str:
    return f"({column} AT TIME ZONE '{ZONE.key}')"


def _of(table: str, cut: Conditions) -> str:
    """Events or ratings `e` of a cut's tickets."""
    if not cut.tickets:
        return f"deskgraph.{table} e WHERE true"
    return (
        f"deskgraph.{table} e JOIN deskgraph.tickets t ON t.organization_id = e.organization_id"
        f" AND t.id = e.ticket_id WHERE {cut.tickets}"
    )


def _created(cut: Conditions, since: str) -> str:
    return f"t.created_at AS at FROM deskgraph.tickets t WHERE status <= 6 AND t.created_at >= {since}{cut.owned}"


def _moved(cut: Conditions, move: str, since: str) -> str:
    return f"e.at FROM {_of('ticket_events', cut)} AND {move} AND e.at >= {since}"


def _handed(cut: Conditions, column: str, since: str) -> str:
    return f"e.at FROM deskgraph.ticket_events e WHERE kind = 2 AND {column} = '{cut.agent}' AND e.at >= {since}"


def _came_and_went(cut: Conditions, since: str) -> tuple[list[str], list[str]]:
    """What came into a cut's stock and what left it from an instant on, each `at FROM ... WHERE ...`."""
    came, went = [_moved(cut, _RETURNS, since)], [_moved(cut, _LEAVES, since)]
    if cut.agent is None:
        return [_created(cut, since), *came], went
    return [_handed(cut, "to_value", since), *came], [_handed(cut, "from_value", since), *went]


def _change(cut: Conditions, since: str) -> str:
    """How much the stock has grown since an instant."""
    came, went = ([f"(SELECT count(*) FROM (SELECT {rows}) x)" for rows in one] for one in _came_and_went(cut, since))
    return f"({' + '.join(came)} - {' - '.join(went)})"


def _summary(cut: Conditions, span: Span) -> str:
    since, end = _at(span.since), _at(span.until)
    both = Span(before(span).since, span.until)
    return f"""
SELECT stock.open - {_change(cut, end)} AS open, stock.open - {_change(cut, since)} AS open_before, stock.breached,
    response.*, resolution.*, resolution.met::float8 / nullif(promised, 0) AS met_share, rating.*
FROM (SELECT count(*) AS open, count(*) FILTER (WHERE resolution_due_at < {end}) AS breached
      FROM deskgraph.tickets t WHERE status <= 4{cut.owned}) stock,
    (SELECT count(*) FILTER (WHERE now) AS responses, avg(seconds) FILTER (WHERE now) AS mean,
         avg(seconds) FILTER (WHERE NOT now) AS mean_before,
         percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE now) AS percentiles
     FROM (SELECT first_response_at >= {since} AS now, {_ANSWER_SECONDS} AS seconds FROM deskgraph.tickets t
           WHERE status <= 6 AND {_in("first_response_at", both)}{cut.answered}) x) response,
    (SELECT count(*) FILTER (WHERE now AND met) AS met, count(met) FILTER (WHERE now) AS promised,
         count(*) FILTER (WHERE now AND met IS NULL) AS free,
         (count(*) FILTER (WHERE NOT now AND met))::float8 / nullif(count(met) FILTER (WHERE NOT now), 0)
             AS met_share_before
     FROM (SELECT resolved_at >= {since} AS now, resolved_at <= resolution_due_at AS met FROM deskgraph.tickets t
           WHERE status <= 6 AND {_in("resolved_at", both)}{cut.owned}) x) resolution,
    (SELECT count(*) FILTER (WHERE now) AS ratings, avg(score) FILTER (WHERE now)::float8 AS average,
         avg((score >= 4)::int) FILTER (WHERE now)::float8 AS csat,
         avg((score >= 4)::int) FILTER (WHERE NOT now)::float8 AS csat_before,
         ARRAY[{", ".join(f"count(*) FILTER (WHERE now AND score = {n})" for n in range(1, 6))}] AS histogram
     FROM (SELECT e.at >= {since} AS now, score FROM {_of("ratings", cut)} AND {_in("e.at", both)}) x) rating"""


def _spread(kind: str, seconds: str, rows: str, condition: str, edges: Sequence[int]) -> str:
    uppers = [f" AND seconds < {edge}" for edge in edges[1:]] + [""]
    buckets = ", ".join(
        f"count(*) FILTER (WHERE seconds >= {low}{upper})" for low, upper in zip(edges, uppers, strict=True)
    )
    return f"""
SELECT '{kind}', NULL, NULL, count(*), avg(seconds),
    percentile_cont(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY seconds), ARRAY[{buckets}]
FROM (SELECT {seconds} AS seconds FROM deskgraph.tickets t
      WHERE status <= 6 AND {rows}{condition}) {kind}"""


def _performance(cut: Conditions, span: Span) -> str:
    return f"""
SELECT 'created' AS kind, status, category_id, count(*) AS n, NULL::float8 AS mean, NULL::float8[] AS percentiles,
    NULL::bigint[] AS buckets
FROM deskgraph.tickets t WHERE status <= 6 AND {_in("created_at", span)}{cut.owned} GROUP BY 2, 3
UNION ALL {_spread("response", _ANSWER_SECONDS, _in("first_response_at", span), cut.answered, RESPONSE_EDGES)}
UNION ALL {_spread("resolution", _SOLVE_SECONDS, _in("resolved_at", span), cut.owned, RESOLUTION_EDGES)}"""


def _agents(cut: Conditions, span: Span) -> str:
    return f"""
WITH created AS (
    SELECT coalesce(assignee_id, 0) AS agent, count(*) AS created FROM deskgraph.tickets t
    WHERE status <= 6 AND {_in("created_at", span)}{cut.owned} GROUP BY 1),
stock AS (
    SELECT coalesce(assignee_id, 0) AS agent, count(*) AS open FROM deskgraph.tickets t
    WHERE status <= 4{cut.owned} GROUP BY 1),
response AS (
    SELECT coalesce(first_responder_id, 0) AS agent, count(*) AS responses, avg(seconds) AS response_mean,
        percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY seconds) AS response_percentiles
    FROM (SELECT first_responder_id, {_ANSWER_SECONDS} AS seconds FROM deskgraph.tickets t
          WHERE status <= 6 AND {_in("first_response_at", span)}{cut.answered}) x GROUP BY 1),
resolution AS (
    SELECT coalesce(assignee_id, 0) AS agent, count(*) AS resolved, avg(seconds) AS resolution_mean,
        percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY seconds) AS resolution_percentiles,
        count(met) AS promised, avg(met::int)::float8 AS met_share
    FROM (SELECT assignee_id, {_SOLVE_SECONDS} AS seconds, resolved_at <= resolution_due_at AS met
          FROM deskgraph.tickets t WHERE status <= 6 AND {_in("resolved_at", span)}{cut.owned}) x GROUP BY 1),
rating AS (
    SELECT coalesce(t.assignee_id, 0) AS agent, count(*) AS ratings, avg(score)::float8 AS average,
        avg((score >= 4)::int)::float8 AS csat
    FROM deskgraph.ratings e JOIN deskgraph.tickets t ON t.organization_id = e.organization_id AND t.id = e.ticket_id
    WHERE {_in("e.at", span)}{cut.owned} GROUP BY 1)
SELECT * FROM created FULL JOIN stock USING (agent) FULL JOIN response USING (agent)
    FULL JOIN resolution USING (agent) FULL JOIN rating USING (agent)"""


def _volume(cut: Conditions, span: Span) -> str:
    since = _at(span.since)
    created, resolved = _created(cut, since), _created(cut, since).replace("created_at", "resolved_at")
    counted = {created: "n, 0, 0", resolved: "0, n, 0", _moved(cut, _RETURNS, since): "0, 0, n"}
    came, went = _came_and_went(cut, since)
    steps = dict.fromkeys(came, "n") | dict.fromkeys(went, "-n")
    daily = " UNION ALL ".join(
        f"SELECT day, {counted.get(rows, '0, 0, 0')}, {steps.get(rows, '0')}"
        f" FROM (SELECT {_local('at')}::date AS day, count(*) AS n FROM (SELECT {rows}) x GROUP BY 1) x"
        for rows in counted | steps
    )
    return f"""
WITH daily AS (
    SELECT day, sum(created)::int AS created, sum(resolved)::int AS resolved, sum(reopened)::int AS reopened,
        sum(step)::int AS step
    FROM ({daily}) x (day, created, resolved, reopened, step) GROUP BY 1)
SELECT d::date AS day, coalesce(created, 0) AS created, coalesce(resolved, 0) AS resolved,
    coalesce(reopened, 0) AS reopened,
    (SELECT count(*) FROM deskgraph.tickets t WHERE status <= 4{cut.owned})
        - coalesce(sum(step) OVER (ORDER BY d DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::int AS open
FROM generate_series(timestamp '{span.since}', timestamp '{span.until}' - interval '1 day', '1 day') d
LEFT JOIN daily ON day = d ORDER BY 1"""


def _categories(cut: Conditions, span: Span) -> str:
    months = (date(year, month, 1) for year in range(span.since.year, span.until.year) for month in range(1, 13))
    return f"""
SELECT category_id, width_bucket(created_at, ARRAY[{", ".join(map(_at, months))}]) - 1 AS month, count(*) AS n
FROM deskgraph.tickets t WHERE status <= 6 AND {_in("created_at", span)}{cut.owned} GROUP BY 1, 2"""


def _grid(cut: Conditions, span: Span) -> str:
    """By the hour first: a year has far fewer hours than tickets to be put on the wall clock."""
    local = _local("hour_at")
    return f"""
SELECT date_part('isodow', {local})::int - 1 AS weekday, date_part('hour', {local})::int AS hour, sum(n)::int AS n
FROM (SELECT date_bin('1 hour', created_at, '2000-01-01Z') AS hour_at, count(*) AS n FROM deskgraph.tickets t
      WHERE status <= 6 AND {_in("created_at", span)}{cut.owned} GROUP BY 1) x GROUP BY 1, 2"""


_STATEMENTS: Final = {
    Report.SUMMARY: _summary,
    Report.PERFORMANCE: _performance,
    Report.AGENTS: _agents,
    Report.VOLUME: _volume,
    Report.CATEGORIES: _categories,
    Report.GRID: _grid,
}
