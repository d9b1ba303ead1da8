"""Turns an aggregate query into SQL: pure, and never without a scope.

The statement is some materialized CTEs, each a plain GROUP BY over facts or over rows of a rollup, laid one under the
other: rows of one cell and group add up. Instants come in as bound arrays (no session time zone, no LATERAL, no
correlated query), so it runs unmodified on tables distributed by organization.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from db.conditions import LEAVING, SECONDS, Conditions, codes
from db.domain import Clock, Source
from db.metric import Partial, PartialKind, Rows
from db.periods import Window
from db.query import AggregateQuery, Attribution
from db.rollups.coverage import Rolled
from db.rollups.cuboids import COLUMNS, place_of
from db.rollups.reading import Chosen, FromFacts, FromRollup
from db.rollups.segments import Segments, segments
from db.statement import Arguments, Statement

MAX_CELLS = 200_000
"""The most cells of time and group that one statement may return; a query that has more is refused, never cut."""

_FEW_STRETCHES: Final = 3
_MAX_STRETCHES: Final = 500
"""How many stretches of facts a statement names; of more it looks through everything from the first to the last."""

_LOG_BUCKETS: Final[Mapping[Clock, str]] = {Clock.CALENDAR: "log_bucket", Clock.BUSINESS: "business_log_bucket"}


def compile_query(query: AggregateQuery, chosen: Chosen) -> Statement:
    """The statement of a query. Shape: rows that add up by cell of time and group: bucket, k1.., p1..

    A count, sum or stock is a bigint; a histogram a bytea of records, each a bucket (int2) and a count (int4).
    """
    writer = _Writer(query, Arguments())
    if isinstance(chosen, FromFacts):
        parts, planned_once = list(writer.of_facts(chosen)), False
    else:
        laid = segments(chosen.coverage.edges)
        parts = list(writer.of_rollup(chosen, laid))
        # Rows of a rollup are looked up by their blocks, whichever; of facts it matters how many have a value. A few
        # stretches the planner takes to be short without their values, and they are.
        planned_once = len(laid.stretches) <= _FEW_STRETCHES
    columns = [f"p{number}" for number in range(1, len(query.partials) + 1)]
    ctes = ",\n".join(f"{part.name} AS MATERIALIZED (\n{part.sql})" for part in parts)
    keys = ["bucket", *writer.key_names]
    rows = "\nUNION ALL ".join(
        f"SELECT {', '.join([*keys, *(writer.shown(part, column) for column in columns)])} FROM {part.name}"
        for part in parts
    )
    # Each part has a row a cell at most: where there are more, some part has more cells than may be.
    sql = f"WITH {ctes}\n{rows}\nLIMIT {len(parts) * MAX_CELLS + 1}"
    return Statement(sql, tuple(writer.arguments.values), planned_once=planned_once)


@dataclass(frozen=True)
class _Part:
    """A CTE, and the columns of the answer that it fills."""

    name: str
    sql: str
    columns: Collection[str]


class _Writer:
    """Writes the parts of one statement."""

    def __init__(self, query: AggregateQuery, arguments: Arguments) -> None:
        self.query = query
        self.arguments = arguments
        self.key_names = [f"k{number}" for number in range(1, len(query.dimensions) + 1)]
        edges = query.axis.boundaries
        stretch = Window(edges[0], edges[-1])
        self.conditions = Conditions(arguments, query.attribution, query.clock, query.zone, stretch)
        numbered = [(f"p{number}", partial) for number, partial in enumerate(query.partials, start=1)]
        self.numbers = {name: partial for name, partial in numbered if partial.kind is not PartialKind.HISTOGRAM}
        self.histograms = {name: partial for name, partial in numbered if partial.kind is PartialKind.HISTOGRAM}
        self.stocks = {name: partial for name, partial in numbered if partial.kind is PartialKind.STOCK}

    def shown(self, part: _Part, column: str) -> str:
        """A part's column of the answer; nothing, where it does not fill it."""
        if column in part.columns:
            return column
        return f"NULL::bytea AS {column}" if column in self.histograms else f"0::bigint AS {column}"

    # --- facts ----------------------------------------------------------------------------------------------------

    def of_facts(self, chosen: FromFacts) -> Iterator[_Part]:
        """All numbers, what the stocks begin with, and each histogram."""
        if self.numbers:
            yield self._cells(chosen)
        if self.stocks and chosen.backwards:
            yield from self._base()
        for name, partial in self.histograms.items():
            where = f"{self._slice()} AND ({self._flow_rows({partial.rows.source})})"
            yield self._bins(name, "bins", partial, self._facts_bucket(), "count(*)", "deskgraph.facts", where)

    def _cells(self, chosen: FromFacts) -> _Part:
        wanted = []
        flows = {p.rows.source for p in self.numbers.values() if p.kind is not PartialKind.STOCK}
        if flows:
            wanted.append(self._flow_rows(flows))
        if self.stocks:
            wanted.append(self._stock_rows(chosen))
        plain = {name: self._aggregate(partial) for name, partial in self.numbers.items()}
        where = f"{self._slice()}\n    AND ({' OR '.join(wanted)})"
        return self._grouped("cells", self._facts_bucket(), self._facts_keys(), plain, "deskgraph.facts", where)

    def _base(self) -> Iterator[_Part]:
        """What stood before the first cell: what stands now, less what was entered since, and what was left since."""
        sources = {partial.rows.source for partial in self.stocks.values()}
        # The literal codes are those of the index of what stands.
        where = f"is_standing AND source IN (6, 8) AND source IN ({codes(sources)}){self._and_chosen()}"
        standing = {name: _counted(self.conditions.rows(one.rows), "") for name, one in self.stocks.items()}
        yield self._grouped("standing", "0", self._facts_keys(), standing, "deskgraph.facts", where)
        end = self.arguments.bind(min(self.query.axis.boundaries[-1], self.query.as_of), "timestamptz")
        where = f"source IN ({codes(_with_ends(sources))}) AND at >= {end}{self._and_chosen()}"
        later = {name: f"-({self._aggregate(partial)})" for name, partial in self.stocks.items()}
        yield self._grouped("later", "0", self._facts_keys(), later, "deskgraph.facts", where)
        meanwhile = {name: f"-sum({name})::bigint" for name in self.stocks}
        yield self._grouped("meanwhile", "0", self.key_names, meanwhile, "cells", "true")

    def _facts_bucket(self) -> str:
        return f"width_bucket({self.conditions.anchor}, {self._boundaries()})"

    def _boundaries(self) -> str:
        return self.arguments.bind(list(self.query.axis.boundaries), "timestamptz[]")

    def _slice(self) -> str:
        return self.conditions.slice(self.query.scope, self.query.condition, self.query.as_of)

    def _and_chosen(self) -> str:
        """The scope and the filter, to follow another condition."""
        chosen = self.conditions.chosen(self.query.scope, self.query.condition)
        return f" AND {chosen}" if chosen else ""

    def _facts_keys(self) -> list[str]:
        return [self.conditions.key(dimension) for dimension in self.query.dimensions]

    def _flow_rows(self, sources: set[Source]) -> str:
        return f"source IN ({codes(sources)}) AND ({self.conditions.inside(self.query.axis.ranges)})"

    def _stock_rows(self, chosen: FromFacts) -> str:
        sources = {partial.rows.source for partial in self.stocks.values()}
        both = _with_ends(sources)
        if self.query.attribution is Attribution.EVENT:
            last = self.arguments.bind(self.query.axis.boundaries[-1], "timestamptz")
            if not chosen.backwards:
                return f"source IN ({codes(both)}) AND at < {last}"
            first = self.arguments.bind(self.query.axis.boundaries[0], "timestamptz")
            return f"source IN ({codes(both)}) AND at >= {first} AND at < {last}"
        # Tickets created in a cell and still open at its end: cells are whole windows here.
        ends = self.arguments.bind(list(self.query.axis.boundaries[1:]), "timestamptz[]")
        return f"{self._flow_rows(both)} AND at < ({ends})[{self._facts_bucket()}]"

    # --- rollups --------------------------------------------------------------------------------------------------

    def of_rollup(self, chosen: FromRollup, laid: Segments) -> Iterator[_Part]:
        """All numbers and each histogram: of blocks, then of the facts at the edges."""
        cuboid, covered = chosen.cuboid, chosen.coverage
        keys = [COLUMNS[dimension] for dimension in self.query.dimensions]
        zone = self.arguments.bind(covered.zone_id, "int")
        counting = [block for block in covered.blocks if block.counts]
        edges, at_edges = (self._edges(laid), self._at_edges(laid)) if laid.parts else ("", "")
        waiting = [block for block in covered.blocks if not block.counts]
        for name, blocks, numbers in (("rolled", counting, self.numbers), ("stood", waiting, self.stocks)):
            if blocks and numbers:
                plain = {
                    column: f"sum(numbers[{place_of(partial, self.query.clock)}])::bigint"
                    for column, partial in numbers.items()
                }
                rows = f"{self._blocks(blocks)} JOIN deskgraph.{cuboid.numbers} USING (level, block)"
                where = f"zone_id = {zone}{self._and_chosen()}"
                yield self._grouped(name, "bucket", keys, plain, rows, where)
        if self.numbers and edges:
            plain = {name: self._aggregate(partial, "sign") for name, partial in self.numbers.items()}
            where = f"{at_edges} AND {self._sources_at_edges()}{self._and_chosen()}"
            yield self._grouped("edges", "bucket", self._facts_keys(), plain, edges, where)
        if self.histograms and counting:
            held = {
                column: f"string_agg(bins[{place_of(partial, self.query.clock)}], ''::bytea)"
                for column, partial in self.histograms.items()
            }
            rows = f"{self._blocks(counting)} JOIN deskgraph.{cuboid.bins} USING (level, block)"
            yield self._grouped("rolled_bins", "bucket", keys, held, rows, f"zone_id = {zone}{self._and_chosen()}")
        for name, partial in self.histograms.items() if edges else ():
            where = f"{at_edges} AND counts AND source = {int(partial.rows.source)}{self._and_chosen()}"
            yield self._bins(name, "edges", partial, "bucket", "sum(sign)", edges, where)

    def _blocks(self, blocks: Sequence[Rolled]) -> str:
        levels = self.arguments.bind([one.block.level for one in blocks], "int2[]")
        numbers = self.arguments.bind([one.block.number for one in blocks], "int[]")
        buckets = self.arguments.bind([one.bucket for one in blocks], "int[]")
        return f"unnest({levels}, {numbers}, {buckets}) AS wanted (level, block, bucket)"

    def _edges(self, laid: Segments) -> str:
        """The facts of the edges, each once for everything that it is part of.

        TRICKY: joined by their instants, edges would be compared with every fact there is: the planner cannot know how
        short they are. So the stretches stand in `_at_edges`, and a fact finds its parts by a number.
        """
        arguments = self.arguments
        boundaries = arguments.bind(list(laid.boundaries), "timestamptz[]")
        columns = (
            arguments.bind([part.segment for part in laid.parts], "int[]"),
            arguments.bind([part.bucket for part in laid.parts], "int[]"),
            arguments.bind([part.sign for part in laid.parts], "int[]"),
            arguments.bind([part.counts for part in laid.parts], "bool[]"),
        )
        return (
            f"unnest({', '.join(columns)}) AS edge (segment, bucket, sign, counts)"
            f" JOIN deskgraph.facts ON width_bucket(at, {boundaries}) = edge.segment"
        )

    def _at_edges(self, laid: Segments) -> str:
        """Where the facts of the edges are to be found."""
        stretches = laid.stretches
        if len(stretches) > _MAX_STRETCHES:
            stretches = (Window(stretches[0].start, stretches[-1].end),)
        return f"({self.conditions.inside(stretches)})"

    def _sources_at_edges(self) -> str:
        """Facts of flows count in the cells that are asked for them, facts of stocks in all."""
        flows = {p.rows.source for p in self.numbers.values() if p.kind is not PartialKind.STOCK}
        stocks = _with_ends({p.rows.source for p in self.stocks.values()})
        if not stocks:
            return f"source IN ({codes(flows)}) AND counts"
        return f"source IN ({codes(flows | stocks)}) AND (counts OR source IN ({codes(stocks)}))"

    # --- what both share ------------------------------------------------------------------------------------------

    def _bins(
        self, column: str, kind: str, partial: Partial, bucket: str, counted: str, rows: str, where: str
    ) -> _Part:
        """A histogram of facts: their bins, then the bins of each cell and group as records."""
        name, log_bucket = f"{kind}_{column}", _LOG_BUCKETS[self.query.clock]
        keys = [*self._facts_keys(), log_bucket]
        names = [*self.key_names, "log_bucket"]
        where = f"{where} AND {self.conditions.rows(partial.rows)} AND {log_bucket} IS NOT NULL"
        inner = self._select(bucket, keys, names, {"n": counted}, rows, where)
        by = ", ".join(["bucket", *self.key_names])
        record = "string_agg(int2send(log_bucket::int2) || int4send(n::int4), ''::bytea)"
        return _Part(
            name, f"  SELECT {by}, {record} AS {column} FROM (\n{inner}) AS counted\n  GROUP BY {by}", (column,)
        )

    def _grouped(
        self, name: str, bucket: str, keys: list[str], aggregates: Mapping[str, str], rows: str, where: str
    ) -> _Part:
        sql = self._select(bucket, keys, self.key_names, aggregates, rows, where)
        return _Part(name, sql, aggregates.keys())

    def _select(
        self, bucket: str, keys: list[str], names: list[str], aggregates: Mapping[str, str], rows: str, where: str
    ) -> str:
        by = [_named(key, name) for key, name in zip((bucket, *keys), ("bucket", *names), strict=True)]
        columns = ",\n    ".join([", ".join(by), *(f"{sql} AS {name}" for name, sql in aggregates.items())])
        numbers = ", ".join(str(n) for n in range(1, len(by) + 1))
        return f"  SELECT {columns}\n  FROM {rows}\n  WHERE {where}\n  GROUP BY {numbers}"

    def _ends(self, partial: Partial) -> tuple[str, str]:
        """The facts that begin what a stock counts, and those that end it."""
        entered = self.conditions.rows(partial.rows)
        return entered, self.conditions.rows(Rows(LEAVING[partial.rows.source], partial.rows.where))

    def _aggregate(self, partial: Partial, sign: str = "") -> str:
        if partial.kind is PartialKind.STOCK:
            entered, left = self._ends(partial)
            return f"{_counted(entered, sign)} - {_counted(left, sign)}"
        rows = self.conditions.rows(partial.rows)
        if partial.kind is PartialKind.COUNT:
            return _counted(rows, sign)
        column = SECONDS[self.query.clock] if partial.kind is PartialKind.SUM_SECONDS else "score"
        added = f"{sign} * {column}" if sign else column
        return f"coalesce(sum({added}) FILTER (WHERE {rows}), 0)"


def _with_ends(sources: set[Source]) -> set[Source]:
    """The sources that begin an interval, with those that end it."""
    return sources | {LEAVING[source] for source in sources}


def _named(sql: str, name: str) -> str:
    """An expression under a name."""
    return sql if sql == name else f"{sql} AS {name}"


def _counted(rows: str, sign: str) -> str:
    """How many facts there are; with a sign, those that a sign takes away less."""
    return f"coalesce(sum({sign}) FILTER (WHERE {rows}), 0)" if sign else f"count(*) FILTER (WHERE {rows})"
