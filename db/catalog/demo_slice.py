"""The slice that the worked examples are about: one organization of the demo data in one month, in memory.

Its facts are made by the import's own functions, without a database, and added up here as the statements and the
fold do it. The demo ends on a fixed day, so nothing depends on today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any, Final, NamedTuple

from db import sketch, zones
from db.domain import UNSET, Source
from db.importing.cases import Case
from db.importing.dimensions import Dimensions
from db.importing.records import FACT_COLUMNS
from db.importing.staging import (
    Staged,
    event_of,
    event_values,
    rating_of,
    rating_values,
    ticket_of,
    ticket_values,
)
from db.metric import Between, Column, Partial, PartialKind, Rows, Test
from db.periods import Period, own_period
from db.sketch import Histograms
from db.sources.demo import DemoSource
from db.sources.rows import EventRow, RatingRow, Read, Reject, RowSource, TicketRow

ORGANIZATION: Final = "O-098"
SINCE, UNTIL = "2026-03-01", "2026-04-01"
ZONE: Final = "Europe/Berlin"
DEMO_UNTIL: Final = date(2026, 10, 1)
"""Where the demo ends: later than any life that began in the month."""
_LONGEST_LIFE_DAYS: Final = 102


class DemoFact(NamedTuple):
    """A fact, with the ids that people know."""

    ticket: str
    agent: str | None
    source: int
    at: datetime
    values: Mapping[str, Any]
    """The columns of the store."""


_PASSES: Final[Mapping[Test, Callable[[Mapping[str, Any]], bool]]] = {
    Test.STANDING: lambda fact: fact["is_standing"] is True,
    Test.FIRST: lambda fact: fact["is_first"] is True,
    Test.WITHIN_TARGET: lambda fact: fact["within_target"] is True,
    Test.WITH_TARGET: lambda fact: fact["within_target"] is not None,
    Test.WITHOUT_TARGET: lambda fact: fact["within_target"] is None,
    Test.UNASSIGNED: lambda fact: fact["agent_id"] == UNSET,
    Test.TIMED: lambda fact: fact["seconds"] is not None,
}
_LEAVING: Final = {Source.ENTERED: Source.LEFT, Source.BREACH_ENTERED: Source.BREACH_LEFT}
_SUMMED: Final = {PartialKind.SUM_SECONDS: Column.SECONDS, PartialKind.SUM_SCORE: Column.SCORE}


def value_in(fact: DemoFact, column: Column) -> int | None:
    """A fact's value, on the calendar clock."""
    value: int | None = fact.values[column.value]
    return value


def _passes(fact: DemoFact, test: Test | Between) -> bool:
    if isinstance(test, Test):
        return _PASSES[test](fact.values)
    value = value_in(fact, test.column)
    return value is not None and value >= test.low and (test.high is None or value < test.high)


@dataclass(frozen=True)
class DemoSlice:
    """The facts of the slice: what measures read (`db.metric.Totals`), and the facts behind what they read."""

    facts: tuple[DemoFact, ...]
    period: Period

    def number(self, partial: Partial) -> int:
        """A count, a sum or a stock."""
        if partial.kind is PartialKind.STOCK:
            left = Rows(_LEAVING[partial.rows.source], partial.rows.where)
            return len(self._before_end(partial.rows)) - len(self._before_end(left))
        counting = self.counting(partial.rows)
        if partial.kind is PartialKind.COUNT:
            return len(counting)
        return sum(value_in(fact, _SUMMED[partial.kind]) or 0 for fact in counting)

    def numbers(self, partial: Partial) -> list[int]:
        """The same, as measures read it: of one place."""
        return [self.number(partial)]

    def histograms(self, partial: Partial) -> Histograms:
        """The bins of a histogram partial."""
        buckets = (fact.values["log_bucket"] for fact in self.counting(partial.rows))
        return sketch.of_buckets(bucket for bucket in buckets if bucket is not None)

    def counting(self, rows: Rows) -> list[DemoFact]:
        """The facts that count in the period, in order of time."""
        return [fact for fact in self._before_end(rows) if fact.at >= self.period.since]

    def inside(self, entered: Rows) -> list[DemoFact]:
        """The tickets inside an interval at the period's end: how each entered it, in order of time."""
        last: dict[str, DemoFact] = {fact.ticket: fact for fact in self._before_end(entered)}
        for fact in self._before_end(Rows(_LEAVING[entered.source], entered.where)):
            if fact.ticket in last and fact.at > last[fact.ticket].at:
                del last[fact.ticket]
        return sorted(last.values(), key=attrgetter("at"))

    def _before_end(self, rows: Rows) -> list[DemoFact]:
        return [
            fact
            for fact in self.facts
            if fact.source == rows.source and fact.at < self.period.until and all(_passes(fact, t) for t in rows.where)
        ]


def demo_slice() -> DemoSlice:
    """The slice of the worked examples."""
    period = own_period(SINCE, UNTIL, zones.zone_named(ZONE))
    since = period.since.date() - timedelta(days=_LONGEST_LIFE_DAYS)
    return DemoSlice(facts_from(_read(DemoSource(since, DEMO_UNTIL), period.until)), period)


def _read(source: RowSource, until: datetime) -> Iterator[Read | Reject]:
    """The directory, and what there is of the organization's tickets that were created before an instant."""
    tickets: set[str] = set()
    for read in source.rows():
        row = read.row if isinstance(read, Read) else None
        if isinstance(row, TicketRow):
            if row.created_at >= until:
                return
            if row.organization == ORGANIZATION:
                tickets.add(row.id)
                yield read
        elif not isinstance(row, EventRow | RatingRow) or row.ticket_id in tickets:
            yield read


def facts_from(rows: Iterable[Read | Reject]) -> tuple[DemoFact, ...]:
    """The facts that an import of good rows into an empty store makes, in order of time."""
    known = Dimensions()
    cases: dict[str, Case] = {}
    for read in rows:
        if isinstance(read, Reject):
            raise AssertionError(f"a bad row: {read}")
        row = read.row
        if isinstance(row, TicketRow):
            staged = Staged(0, read.line, row.id, ticket_values(row, known))
            cases[row.id] = Case(None, ticket_of(staged, len(cases) + 1, prefers_columns=False, run_id=0))
        elif isinstance(row, EventRow):
            event = event_of(Staged(0, read.line, row.ticket_id, event_values(row, known)))
            cases[row.ticket_id].arrived_events.append(event)
        elif isinstance(row, RatingRow):
            rating = rating_of(Staged(0, read.line, row.ticket_id, rating_values(row, known)))
            cases[row.ticket_id].arrived_ratings.append(rating)
        else:
            known.tell(read.kind, row)
    return tuple(sorted(_facts(cases.values(), known), key=attrgetter("at")))


def _facts(cases: Iterable[Case], known: Dimensions) -> Iterator[DemoFact]:
    context = known.context()
    agents = {id_: external_id for external_id, id_ in known.agents.ids.items()}
    for case in cases:
        case.join([], None)
        for fact in case.facts(context):
            values: dict[str, Any] = dict(zip(FACT_COLUMNS, fact, strict=True))
            agent = agents.get(values["agent_id"])
            yield DemoFact(case.ticket.external_id, agent, values["source"], values["at"], values)
