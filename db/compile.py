"""Turns an aggregate query into SQL: pure, and never without a scope.

The statement is one or more materialized CTEs, each a plain GROUP BY over `facts`, joined only after they are
aggregated; instants come in as bound arrays (no session time zone, no LATERAL, no correlated query), so it runs
unmodified on tables distributed by organization.
"""

from __future__ import annotations

from datetime import timedelta

from db import zones
from db.domain import Clock, Source
from db.metric import Between, Column, Partial, PartialKind, Rows, Test
from db.query import (
    EVERYTHING,
    AggregateQuery,
    Asked,
    Attribution,
    BoundFilter,
    Dimension,
    Every,
    Filter,
    Match,
    word_code,
)
from db.statement import Arguments, Statement

MAX_CELLS = 200_000
"""The most rows one statement may return; a query that has more is refused, never cut."""

_LEAVING = {Source.ENTERED: Source.LEFT, Source.BREACH_ENTERED: Source.BREACH_LEFT}
_ANCHORS = {Attribution.EVENT: "at", Attribution.CREATION: "created_at"}
_SECONDS = {Clock.CALENDAR: "seconds", Clock.BUSINESS: "business_seconds"}
_LOG_BUCKETS = {Clock.CALENDAR: "log_bucket", Clock.BUSINESS: "business_log_bucket"}
_COLUMNS = {
    Dimension.CATEGORY: "category_id",
    Dimension.PRIORITY: "priority",
    Dimension.CHANNEL: "channel",
    Dimension.STATUS: "status",
    Dimension.TEAM: "team_id",
    Dimension.AGENT: "agent_id",
    Dimension.ORGANIZATION: "organization_id",
}
_INTERVALS = ", ".join(str(int(s)) for pair in _LEAVING.items() for s in pair)


def compile_query(query: AggregateQuery) -> Statement:
    """The statement of a query. Shape: a row per cell of time and group: bucket, k1.., p1.. (see `AggregateQuery`)."""
    writer = _Writer(query, Arguments())
    ctes, selected, joins = [writer.cells()], [], []
    keys = ", ".join(["bucket", *writer.key_names])
    for number, partial in enumerate(query.partials, start=1):
        if partial.kind is PartialKind.HISTOGRAM:
            ctes.append(writer.bins(number, partial))
            selected.append(f"h{number}.buckets AS b{number}, h{number}.counts AS p{number}")
            joins.append(
                f"LEFT JOIN (SELECT {keys}, array_agg(log_bucket) AS buckets, array_agg(n) AS counts"
                f" FROM bins_{number} GROUP BY {keys}) AS h{number} USING ({keys})"
            )
        else:
            selected.append(f"p{number}")
    sql = (
        "WITH "
        + ",\n".join(ctes)
        + f"\nSELECT {', '.join([keys, *selected])}\nFROM cells\n"
        + "".join(f"{join}\n" for join in joins)
        + f"LIMIT {MAX_CELLS + 1}"
    )
    return Statement(sql, tuple(writer.arguments.values))


class _Writer:
    """Writes the parts of one statement."""

    def __init__(self, query: AggregateQuery, arguments: Arguments) -> None:
        self.query = query
        self.arguments = arguments
        self.anchor = _ANCHORS[query.attribution]
        self.key_names = [f"k{number}" for number in range(1, len(query.dimensions) + 1)]
        boundaries = arguments.bind(list(query.axis.boundaries), "timestamptz[]")
        self.bucket = f"width_bucket({self.anchor}, {boundaries})"
        self.keys = [
            f"{self._key(dimension)} AS {name}"
            for dimension, name in zip(query.dimensions, self.key_names, strict=True)
        ]
        self.slice = " AND ".join(
            part
            for part in (
                self._scope(),
                _filter(query.condition, arguments),
                f"at < {arguments.bind(query.as_of, 'timestamptz')}",
            )
            if part
        )

    def cells(self) -> str:
        """The CTE with a column for each count, sum and stock."""
        plain = [
            f"{self._aggregate(partial)} AS p{number}"
            for number, partial in enumerate(self.query.partials, start=1)
            if partial.kind is not PartialKind.HISTOGRAM
        ]
        # A histogram alone still needs a row for each of its groups.
        flows = {p.rows.source for p in self.query.partials if p.kind is not PartialKind.STOCK}
        stocks = {p.rows.source for p in self.query.partials if p.kind is PartialKind.STOCK}
        wanted = [self._flow_rows(flows)] if flows else []
        if stocks:
            wanted.append(self._stock_rows(stocks))
        return self._cte("cells", plain, " OR ".join(wanted), [])

    def bins(self, number: int, partial: Partial) -> str:
        """The CTE with the bins of one histogram."""
        bucket = _LOG_BUCKETS[self.query.clock]
        where = f"{self._flow_rows({partial.rows.source})} AND {self._rows(partial.rows)} AND {bucket} IS NOT NULL"
        return self._cte(f"bins_{number}", ["count(*) AS n"], where, [f"{bucket} AS log_bucket"])

    def _cte(self, name: str, aggregates: list[str], where: str, further: list[str]) -> str:
        keys = [f"{self.bucket} AS bucket", *self.keys, *further]
        columns = ",\n    ".join([", ".join(keys), *aggregates])
        numbers = ", ".join(str(n) for n in range(1, len(keys) + 1))
        return (
            f"{name} AS MATERIALIZED (\n  SELECT {columns}\n  FROM deskgraph.facts\n"
            f"  WHERE {self.slice}\n    AND ({where})\n  GROUP BY {numbers})"
        )

    def _scope(self) -> str:
        scope = self.query.scope
        if scope.column is None:
            return ""
        return f"{scope.column} = ANY ({self.arguments.bind(list(scope.ids), 'int[]')})"

    def _flow_rows(self, sources: set[Source]) -> str:
        ranges = " OR ".join(
            f"{self.anchor} >= {self.arguments.bind(window.start, 'timestamptz')}"
            f" AND {self.anchor} < {self.arguments.bind(window.end, 'timestamptz')}"
            for window in self.query.axis.ranges
        )
        return f"source IN ({_codes(sources)}) AND ({ranges})"

    def _stock_rows(self, sources: set[Source]) -> str:
        both = sources | {_LEAVING[source] for source in sources}
        if self.query.attribution is Attribution.EVENT:
            last = self.arguments.bind(self.query.axis.boundaries[-1], "timestamptz")
            return f"source IN ({_codes(both)}) AND at < {last}"
        # Tickets created in a cell and still open at its end: cells are whole windows here.
        ends = self.arguments.bind(list(self.query.axis.boundaries[1:]), "timestamptz[]")
        return f"{self._flow_rows(both)} AND at < ({ends})[{self.bucket}]"

    def _aggregate(self, partial: Partial) -> str:
        rows = self._rows(partial.rows)
        if partial.kind is PartialKind.STOCK:
            left = self._rows(Rows(_LEAVING[partial.rows.source], partial.rows.where))
            return f"count(*) FILTER (WHERE {rows}) - count(*) FILTER (WHERE {left})"
        if partial.kind is PartialKind.COUNT:
            return f"count(*) FILTER (WHERE {rows})"
        column = _SECONDS[self.query.clock] if partial.kind is PartialKind.SUM_SECONDS else "score"
        return f"coalesce(sum({column}) FILTER (WHERE {rows}), 0)"

    def _rows(self, rows: Rows) -> str:
        return " AND ".join([f"source = {int(rows.source)}", *(self._test(test) for test in rows.where)])

    def _test(self, test: Test | Between) -> str:
        if test is Test.TIMED:
            return f"{_SECONDS[self.query.clock]} IS NOT NULL"
        if isinstance(test, Test):
            return str(test.value)
        column = _SECONDS[self.query.clock] if test.column is Column.SECONDS else test.column.value
        low = f"{column} >= {self.arguments.bind(test.low, 'int')}"
        return low if test.high is None else f"{low} AND {column} < {self.arguments.bind(test.high, 'int')}"

    def _key(self, dimension: Dimension) -> str:
        if dimension is Dimension.TAG:
            return "unnest(coalesce(tag_ids, '{0}'))"
        if dimension is Dimension.STATUS:
            return f"CASE WHEN source IN ({_INTERVALS}) THEN interval_status ELSE status END"
        if dimension in _COLUMNS:
            return _COLUMNS[dimension]
        part = "hour" if dimension is Dimension.HOUR_OF_DAY else "isodow"
        return f"date_part('{part}', {self._wall_clock()})::int"

    def _wall_clock(self) -> str:
        axis = self.query.axis
        changes, offsets = zones.offsets(axis.boundaries[0], axis.boundaries[-1], self.query.zone)
        starts = self.arguments.bind(changes, "timestamptz[]")
        shifts = self.arguments.bind([timedelta(seconds=s) for s in offsets], "interval[]")
        return f"({self.anchor} AT TIME ZONE 'UTC') + ({shifts})[width_bucket({self.anchor}, {starts}) + 1]"


def _codes(sources: set[Source]) -> str:
    return ", ".join(str(int(source)) for source in sorted(sources))


def _filter(bound: BoundFilter, arguments: Arguments) -> str:
    return "" if bound.condition == EVERYTHING else _condition(bound.condition, bound, arguments)


def _condition(condition: Filter, bound: BoundFilter, arguments: Arguments) -> str:
    if isinstance(condition, Match):
        return _match(condition, bound, arguments)
    parts = [_condition(part, bound, arguments) for part in condition.parts]
    if isinstance(condition, Every):
        return "(" + " AND ".join(parts) + ")" if parts else "true"
    return "(" + " OR ".join(parts) + ")" if parts else "false"


def _match(match: Match, bound: BoundFilter, arguments: Arguments) -> str:
    dimension = match.dimension
    ids = [bound.ids[dimension, i] if (dimension, i) in bound.ids else word_code(dimension, i) for i in match.ids]
    if dimension is Dimension.TAG:
        listed = f"coalesce(tag_ids && {arguments.bind(ids, 'int[]')}, false)" if ids else ""
        unset = "tag_ids IS NULL"
    else:
        listed = f"{_COLUMNS[dimension]} = ANY ({arguments.bind(ids, 'int[]')})" if ids else ""
        unset = f"{_COLUMNS[dimension]} = 0"
    return {
        Asked.IN: listed,
        Asked.NOT_IN: f"NOT {listed}",
        Asked.IS_NULL: unset,
        Asked.IS_SET: f"NOT {unset}",
    }[match.asked]
