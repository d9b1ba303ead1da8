"""The parts of SQL that every statement over facts shares: scope, filter, tests and keys; pure.

Nothing here makes a statement: `db.compile` does, of numbers, and `db.compile_tickets`, of the tickets behind one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from db import zones
from db.access import BoundScope
from db.domain import Clock, Source
from db.metric import Between, Column, Rows, Test
from db.periods import Window
from db.query import EVERYTHING, Asked, Attribution, BoundFilter, Dimension, Every, Filter, Match, word_code
from db.statement import Arguments

LEAVING: Final[Mapping[Source, Source]] = {Source.ENTERED: Source.LEFT, Source.BREACH_ENTERED: Source.BREACH_LEFT}
"""The source that ends what a source begins."""
ANCHORS: Final[Mapping[Attribution, str]] = {Attribution.EVENT: "at", Attribution.CREATION: "created_at"}
SECONDS: Final[Mapping[Clock, str]] = {Clock.CALENDAR: "seconds", Clock.BUSINESS: "business_seconds"}
_COLUMNS: Final[Mapping[Dimension, str]] = {
    Dimension.CATEGORY: "category_id",
    Dimension.PRIORITY: "priority",
    Dimension.CHANNEL: "channel",
    Dimension.STATUS: "status",
    Dimension.TEAM: "team_id",
    Dimension.AGENT: "agent_id",
    Dimension.ORGANIZATION: "organization_id",
}
_INTERVALS: Final = ", ".join(str(int(s)) for pair in LEAVING.items() for s in pair)


@dataclass(frozen=True)
class Conditions:
    """Writes conditions on facts, and binds what they compare with."""

    arguments: Arguments
    attribution: Attribution
    clock: Clock
    zone: ZoneInfo
    stretch: Window
    """The time from the first to the last instant that a wall clock is asked about."""

    @property
    def anchor(self) -> str:
        """The column that places a fact in a period."""
        return ANCHORS[self.attribution]

    def slice(self, scope: BoundScope, condition: BoundFilter, as_of: datetime) -> str:
        """Which facts a viewer may see and asks for, up to an instant."""
        parts = (self.chosen(scope, condition), f"at < {self.arguments.bind(as_of, 'timestamptz')}")
        return " AND ".join(part for part in parts if part)

    def chosen(self, scope: BoundScope, condition: BoundFilter) -> str:
        """Which facts a viewer may see and asks for, whenever; of a rollup, which rows. Nothing where that is all."""
        parts = (
            self.scope(scope),
            "" if condition.condition == EVERYTHING else self._condition(condition.condition, condition),
        )
        return " AND ".join(part for part in parts if part)

    def inside(self, windows: Iterable[Window]) -> str:
        """The anchor lies in one of some windows."""
        return " OR ".join(
            f"{self.anchor} >= {self.arguments.bind(window.start, 'timestamptz')}"
            f" AND {self.anchor} < {self.arguments.bind(window.end, 'timestamptz')}"
            for window in windows
        )

    def rows(self, rows: Rows) -> str:
        """The facts that count."""
        return " AND ".join([f"source = {int(rows.source)}", *(self._test(test) for test in rows.where)])

    def key(self, dimension: Dimension) -> str:
        """The expression that a dimension groups by; of tags, one row a tag."""
        if dimension is Dimension.TAG:
            return "unnest(coalesce(tag_ids, '{0}'))"
        if dimension is Dimension.STATUS:
            return f"CASE WHEN source IN ({_INTERVALS}) THEN interval_status ELSE status END"
        if dimension in _COLUMNS:
            return _COLUMNS[dimension]
        part = "hour" if dimension is Dimension.HOUR_OF_DAY else "isodow"
        return f"date_part('{part}', {self._wall_clock()})::int"

    def stands_under(self, dimension: Dimension, number: int) -> str:
        """A fact is of the group that a dimension's `key` puts under a number."""
        if dimension is not Dimension.TAG:
            return f"{self.key(dimension)} = {self.arguments.bind(number, 'int')}"
        return f"tag_ids && {self.arguments.bind([number], 'int[]')}" if number else "tag_ids IS NULL"

    def scope(self, scope: BoundScope) -> str:
        """Which facts a viewer may see; nothing where that is all of them."""
        if scope.column is None:
            return ""
        return f"{scope.column} = ANY ({self.arguments.bind(list(scope.ids), 'int[]')})"

    def _test(self, test: Test | Between) -> str:
        if test is Test.TIMED:
            return f"{SECONDS[self.clock]} IS NOT NULL"
        if isinstance(test, Test):
            return str(test.value)
        column = SECONDS[self.clock] if test.column is Column.SECONDS else test.column.value
        low = f"{column} >= {self.arguments.bind(test.low, 'int')}"
        return low if test.high is None else f"{low} AND {column} < {self.arguments.bind(test.high, 'int')}"

    def _wall_clock(self) -> str:
        changes, offsets = zones.offsets(self.stretch.start, self.stretch.end, self.zone)
        starts = self.arguments.bind(list(changes), "timestamptz[]")
        shifts = self.arguments.bind([timedelta(seconds=s) for s in offsets], "interval[]")
        return f"({self.anchor} AT TIME ZONE 'UTC') + ({shifts})[width_bucket({self.anchor}, {starts}) + 1]"

    def _condition(self, condition: Filter, bound: BoundFilter) -> str:
        if isinstance(condition, Match):
            return self._match(condition, bound)
        parts = [self._condition(part, bound) for part in condition.parts]
        if isinstance(condition, Every):
            return "(" + " AND ".join(parts) + ")" if parts else "true"
        return "(" + " OR ".join(parts) + ")" if parts else "false"

    def _match(self, match: Match, bound: BoundFilter) -> str:
        dimension = match.dimension
        ids = [bound.ids[dimension, i] if (dimension, i) in bound.ids else word_code(dimension, i) for i in match.ids]
        if dimension is Dimension.TAG:
            listed = f"coalesce(tag_ids && {self.arguments.bind(ids, 'int[]')}, false)" if ids else ""
            unset = "tag_ids IS NULL"
        else:
            listed = f"{_COLUMNS[dimension]} = ANY ({self.arguments.bind(ids, 'int[]')})" if ids else ""
            unset = f"{_COLUMNS[dimension]} = 0"
        return {
            Asked.IN: listed,
            Asked.NOT_IN: f"NOT {listed}",
            Asked.IS_NULL: unset,
            Asked.IS_SET: f"NOT {unset}",
        }[match.asked]


def codes(sources: Iterable[Source]) -> str:
    """Sources as a list of their codes."""
    return ", ".join(str(int(source)) for source in sorted(sources))
