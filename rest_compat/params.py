"""Every parameter of the report routes, declared once: parsing, error texts and descriptions come from here.

The GET routes give them as a query string, the export as members of its body, with the same names and values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from rest_compat import readers
from rest_compat.readers import MAX_LIMIT, MAX_TEXT, Read
from rest_compat.stored import ReportName
from schema.enums import GroupBy, constant
from schema.public import (
    FILTER_WORDS,
    METRICS,
    Attribution,
    Clock,
    Comparison,
    Grain,
    Preset,
    SortKey,
    check_since,
    check_until,
    check_zone,
)

EVERY: Final = frozenset(ReportName)
DEFAULT_PERIOD: Final = Preset.LAST_30_DAYS.value

_TEXT: Final[Mapping[str, Any]] = {"type": "string", "minLength": 1, "maxLength": MAX_TEXT, "pattern": r"\S"}


@dataclass(frozen=True)
class Parameter:
    """One parameter of the report routes."""

    name: str
    description: str
    example: str
    read: Read
    words: tuple[str, ...] = ()
    """The words it allows, where they are fixed."""
    default: str | None = None
    repeatable: bool = False
    reports: frozenset[ReportName] = EVERY
    variable: str | None = None
    """The document's variable that takes its value as read; None for those that make one together with others."""
    schema: Mapping[str, Any] = field(default_factory=lambda: _TEXT)
    """What a value looks like, as JSON Schema has it, where there are no words."""


def _words(name: str, words: Iterable[str], default: str, description: str, **further: Any) -> Parameter:
    allowed = tuple(words)
    return Parameter(name, description, default, readers.word(allowed), allowed, default, variable=name, **further)


def _filter(name: str, example: str, what: str) -> Parameter:
    words = FILTER_WORDS.get(name, ())
    read = readers.filter_word(words) if words else readers.text
    text = f"Only tickets of this {what}; several: of any of them; none: of those where it is unset."
    return Parameter(name, text, example, read, (*words, "none") if words else (), repeatable=True)


FILTERS: Final = (
    _filter("category", "billing", "category (id)"),
    _filter("priority", "high", "priority"),
    _filter("channel", "email", "channel"),
    _filter("status", "open", "status"),
    _filter("team", "T-1", "team (id)"),
    _filter("agent", "A-1", "agent (id)"),
    _filter("organization", "O-1", "organization (id)"),
    _filter("tag", "vip", "tag"),
)
_PERIOD: Final = (
    Parameter(
        "period",
        f"A period by name, taken in the zone; {DEFAULT_PERIOD} unless since and until are given.",
        "last_month",
        readers.word(tuple(preset.value for preset in Preset)),
        tuple(preset.value for preset in Preset),
    ),
    Parameter(
        "since",
        "The first instant: a date (the start of that local day) or a date-time with offset. Needs until.",
        "2026-03-01",
        readers.instant(check_since),
    ),
    Parameter("until", "The first instant after the period. Needs since.", "2026-04-01", readers.instant(check_until)),
)
_SLICE: Final = (
    Parameter(
        "timezone",
        "The IANA zone whose wall clock days, weeks and months follow.",
        "Europe/Berlin",
        readers.checked(check_zone),
        default="UTC",
        variable="timezone",
    ),
    Parameter(
        "compareTo",
        "What the period is compared with.",
        "previous_period",
        readers.comparison(tuple(one.value for one in Comparison)),
        ("none", *(one.value for one in Comparison)),
        "none",
        variable="compareTo",
    ),
    _words(
        "attribution",
        (one.value for one in Attribution),
        "event",
        "Whether a fact counts in the period of its own instant, or in that of its ticket's creation.",
    ),
    _words("clock", (one.word for one in Clock), "calendar", "Whether all seconds count, or those of open hours."),
)
_GRAINS: Final = tuple(one.value for one in Grain)
_COUNTS: Final = tuple(
    constant(name).lower()
    for name in dict.fromkeys(
        one.name
        for metric in METRICS.values()
        if metric.details
        for one in metric.details.numbers
        if one.name in metric.details.counted
    )
)
_AGENTS: Final = frozenset({ReportName.AGENTS})
_OF_ONE_REPORT: Final = (
    Parameter(
        "edges",
        "Own edges of both distributions, in seconds, separated by commas.",
        "0,3600,86400",
        readers.seconds,
        schema={"type": "string", "pattern": "^[0-9]{1,10}(,[0-9]{1,10})*$"},
        reports=frozenset({ReportName.PERFORMANCE}),
        variable="edges",
    ),
    Parameter(
        "sort",
        "The metric that rows are ordered by, or name; - before it for descending.",
        "-ticketsResolved",
        readers.order,
        tuple(sign + name for name in readers.SORTS for sign in ("", "-")),
        reports=_AGENTS,
        variable="orderBy",
    ),
    Parameter(
        "limit",
        f"How many rows: 1 to {MAX_LIMIT}.",
        "50",
        readers.whole(1, MAX_LIMIT),
        schema={"type": "integer", "minimum": 1, "maximum": MAX_LIMIT},
        default="100",
        reports=_AGENTS,
        variable="first",
    ),
    Parameter(
        "cursor", "The nextCursor of the page before.", "WyJ...", readers.text, reports=_AGENTS, variable="after"
    ),
    Parameter(
        "search", "Only agents whose name or id holds this.", "ada", readers.text, reports=_AGENTS, variable="search"
    ),
    _words(
        "grain",
        _GRAINS,
        "day",
        "The width of a bucket.",
        reports=frozenset({ReportName.TRENDS}),
    ),
)

_TICKETS: Final = frozenset({ReportName.TICKETS})
_OF_TICKETS: Final = (
    Parameter(
        "metric",
        "The number whose tickets are listed.",
        "openTickets",
        readers.metric,
        tuple(METRICS),
        "ticketsCreated",
        reports=_TICKETS,
        variable="metric",
    ),
    Parameter(
        "of",
        "One of the counts beside the metric, such as within_target of resolutionRate, instead of its own.",
        "within_target",
        readers.word(_COUNTS),
        _COUNTS,
        reports=_TICKETS,
        variable="of",
    ),
    Parameter(
        "score",
        "Only those rated so, of csatScore: 1 to 5.",
        "1",
        readers.place((5,), first=1),
        reports=_TICKETS,
        variable="score",
    ),
    Parameter(
        "bucket",
        "Only those that took so many seconds, of avgResponseTime or avgResolutionTime.",
        "900-1800",
        readers.bucket,
        reports=_TICKETS,
        variable="bucket",
    ),
    Parameter(
        "weekdayHour",
        "Only those of one hour of the week, of ticketsCreated: 0-9 is Monday from 9 to 10.",
        "0-9",
        readers.place((7, 24)),
        reports=_TICKETS,
        variable="weekdayHour",
    ),
    Parameter(
        "row",
        "Only those of one row of a breakdown: its keys, for what no filter says. Ids are percent-encoded.",
        "day_of_week:1,hour_of_day:9",
        readers.row,
        reports=_TICKETS,
        variable="row",
    ),
    Parameter(
        "sort",
        "What tickets are ordered by; - before it for descending.",
        "-created_at",
        readers.order_of_tickets,
        tuple(sign + one.value for one in SortKey for sign in ("", "-")),
        reports=_TICKETS,
        variable="orderBy",
    ),
)
_BREAKDOWN: Final = frozenset({ReportName.BREAKDOWN})
_OF_BREAKDOWN: Final = (
    Parameter(
        "metrics",
        "The metrics of each row, or with a dot a number beside one.",
        "avgResponseTime.p90",
        readers.metric_or_detail,
        default="ticketsCreated",
        repeatable=True,
        reports=_BREAKDOWN,
        variable="metrics",
    ),
    Parameter(
        "by",
        "What rows are grouped by: 1 to 4 dimensions, of which time needs a grain.",
        "category",
        readers.dimension,
        tuple(one.value for one in GroupBy),
        "category",
        repeatable=True,
        reports=_BREAKDOWN,
        variable="by",
    ),
    Parameter(
        "grain",
        "The width of a bucket, where rows are grouped by time.",
        "week",
        readers.word(_GRAINS),
        _GRAINS,
        reports=_BREAKDOWN,
        variable="grain",
    ),
    Parameter(
        "having",
        "Only rows whose metric lies within.",
        "ticketsCreated>=10",
        readers.bound,
        repeatable=True,
        reports=_BREAKDOWN,
        variable="having",
    ),
    Parameter(
        "sort",
        "The metric or dimension that rows are ordered by; - before it for descending.",
        "-ticketsCreated",
        readers.order_of_groups,
        reports=_BREAKDOWN,
        variable="orderBy",
    ),
)

PARAMETERS: Final[Mapping[str, Parameter]] = {one.name: one for one in (*_PERIOD, *_SLICE, *FILTERS, *_OF_ONE_REPORT)}
"""The parameters of the routes."""
_ALL: Final = (*PARAMETERS.values(), *_OF_TICKETS, *_OF_BREAKDOWN)
BY_NAME: Final[Mapping[str, Parameter]] = {
    **{one.name: one for one in (*_OF_TICKETS, *_OF_BREAKDOWN)},
    **PARAMETERS,
}
"""The parameters of the routes and of what is exported only; of those that share a name, one."""


def parameters_of(report: ReportName) -> tuple[Parameter, ...]:
    """The parameters that a report knows, in the order of their declaration."""
    return tuple(one for one in _ALL if report in one.reports)
