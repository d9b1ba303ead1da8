"""Turns an aggregate query into SQL: pure, and never without a scope.

The statement is one or more materialized CTEs, each a plain GROUP BY over `facts`, joined only after they are
aggregated; instants come in as bound arrays (no session time zone, no LATERAL, no correlated query), so it runs
unmodified on tables distributed by organization.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from db.conditions import LEAVING, SECONDS, Conditions, codes
from db.domain import Clock, Source
from db.metric import Partial, PartialKind, Rows
from db.periods import Window
from db.query import AggregateQuery, Attribution
from db.statement import Arguments, Statement

MAX_CELLS = 200_000
"""The most rows one statement may return; a query that has more is refused, never cut."""

_LOG_BUCKETS: Final[Mapping[Clock, str]] = {Clock.CALENDAR: "log_bucket", Clock.BUSINESS: "business_log_bucket"}

_RECORD: Final = "int2send(log_bucket::int2) || int4send(n::int4)"
"""A bin as bytes: `sketch.RECORD`."""


def compile_query(query: AggregateQuery) -> Statement:
    """The statement of a query. Shape: a row per cell of time and group: bucket, k1.., p1.. (see `AggregateQuery`)."""
    writer = _Writer(query, Arguments())
    ctes, selected, joins = [writer.cells()], [], []
    keys = ", ".join(["bucket", *writer.key_names])
    for number, partial in enumerate(query.partials, start=1):
        if partial.kind is PartialKind.HISTOGRAM:
            ctes.append(writer.bins(number, partial))
            joins.append(
                f"LEFT JOIN (SELECT {keys}, string_agg({_RECORD}, ''::bytea) AS p{number}"
                f" FROM bins_{number} GROUP BY {keys}) AS h{number} USING ({keys})"
            )
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
        self.key_names = [f"k{number}" for number in range(1, len(query.dimensions) + 1)]
        edges = query.axis.boundaries
        stretch = Window(edges[0], edges[-1])
        self.conditions = Conditions(arguments, query.attribution, query.clock, query.zone, stretch)
        self.bucket = f"width_bucket({self.conditions.anchor}, {arguments.bind(list(edges), 'timestamptz[]')})"
        self.keys = [
            f"{self.conditions.key(dimension)} AS {name}"
            for dimension, name in zip(query.dimensions, self.key_names, strict=True)
        ]
        self.slice = self.conditions.slice(query.scope, query.condition, query.as_of)

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
        flows = self._flow_rows({partial.rows.source})
        where = f"{flows} AND {self.conditions.rows(partial.rows)} AND {bucket} IS NOT NULL"
        return self._cte(f"bins_{number}", ["count(*) AS n"], where, [f"{bucket} AS log_bucket"])

    def _cte(self, name: str, aggregates: list[str], where: str, further: list[str]) -> str:
        keys = [f"{self.bucket} AS bucket", *self.keys, *further]
        columns = ",\n    ".join([", ".join(keys), *aggregates])
        numbers = ", ".join(str(n) for n in range(1, len(keys) + 1))
        return (
            f"{name} AS MATERIALIZED (\n  SELECT {columns}\n  FROM deskgraph.facts\n"
            f"  WHERE {self.slice}\n    AND ({where})\n  GROUP BY {numbers})"
        )

    def _flow_rows(self, sources: set[Source]) -> str:
        return f"source IN ({codes(sources)}) AND ({self.conditions.inside(self.query.axis.ranges)})"

    def _stock_rows(self, sources: set[Source]) -> str:
        both = sources | {LEAVING[source] for source in sources}
        if self.query.attribution is Attribution.EVENT:
            last = self.arguments.bind(self.query.axis.boundaries[-1], "timestamptz")
            return f"source IN ({codes(both)}) AND at < {last}"
        # Tickets created in a cell and still open at its end: cells are whole windows here.
        ends = self.arguments.bind(list(self.query.axis.boundaries[1:]), "timestamptz[]")
        return f"{self._flow_rows(both)} AND at < ({ends})[{self.bucket}]"

    def _aggregate(self, partial: Partial) -> str:
        rows = self.conditions.rows(partial.rows)
        if partial.kind is PartialKind.STOCK:
            left = self.conditions.rows(Rows(LEAVING[partial.rows.source], partial.rows.where))
            return f"count(*) FILTER (WHERE {rows}) - count(*) FILTER (WHERE {left})"
        if partial.kind is PartialKind.COUNT:
            return f"count(*) FILTER (WHERE {rows})"
        column = SECONDS[self.query.clock] if partial.kind is PartialKind.SUM_SECONDS else "score"
        return f"coalesce(sum({column}) FILTER (WHERE {rows}), 0)"
