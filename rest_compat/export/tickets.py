"""The tickets behind a number, all of them: streamed as they are read, a row each.

The document asks for the number and for its tickets, as any client would; who may see which of them is decided there.
Only then are they read as a stream instead of a page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

from rest_compat import problems
from rest_compat.answering import executed
from rest_compat.asking import Asked
from rest_compat.export.content import Batches, Cells, Column, Kind, Part
from rest_compat.export.made import Made
from rest_compat.problems import Fault, Problem, bad_input
from rest_compat.reshape import envelope
from rest_compat.stored import document
from schema.context import EveryTicket, RequestContext
from schema.enums import constant
from schema.executor import Gateway
from schema.public import METRICS, Details
from schema.tickets import Target, TicketNode

_DOCUMENT: Final = document("tickets")
_LISTED: Final = "first: 1, orderBy: $orderBy) { ...Listed }"
_PARTS: Final = ("of", "score", "bucket", "weekdayHour")
_ROW: Final = "row"
_DECLARED: Final = "  $orderBy: [TicketOrder!]\n"
_NO_ROW: Final[Mapping[str, Any]] = {"count": None, "reason": "There is nothing of this row in this slice."}
_OF_A_ROW: Final = "  $by: [Dimension!]!\n  $keys: [ID]\n"
_DISTRIBUTIONS: Final = {
    "avgResponseTime": "responseTimeDistribution",
    "avgResolutionTime": "resolutionTimeDistribution",
}
_COUNTED_AS: Final = {
    constant(one.name): one.name
    for metric in METRICS.values()
    if metric.details
    for one in metric.details.numbers
    if one.name in metric.details.counted
}
"""The name of a count beside a metric, by its constant."""

COLUMNS: Final = (
    Column("id", "Ticket"),
    Column("at", "At", Kind.INSTANT),
    Column("createdAt", "Created", Kind.INSTANT),
    Column("status", "Status"),
    Column("priority", "Priority"),
    Column("channel", "Channel"),
    Column("categoryId", "Category id"),
    Column("categoryName", "Category"),
    Column("teamId", "Team id"),
    Column("teamName", "Team"),
    Column("agentId", "Agent id"),
    Column("agentName", "Agent"),
    Column("organizationId", "Organization id"),
    Column("organizationName", "Organization"),
    Column("tags", "Tags"),
    Column("subject", "Subject"),
    Column("requester", "Requester"),
    Column("seconds", "Duration", Kind.WHOLE, "seconds"),
    Column("businessSeconds", "Duration in open hours", Kind.WHOLE, "seconds"),
    Column("withinTarget", "Within target", Kind.TRUTH),
    Column("responseDueAt", "Response due", Kind.INSTANT),
    Column("responseState", "Response target"),
    Column("resolutionDueAt", "Resolution due", Kind.INSTANT),
    Column("resolutionState", "Resolution target"),
    Column("score", "Score", Kind.WHOLE, "score"),
    Column("comment", "Comment"),
)


@dataclass(frozen=True)
class _Number:
    """A number whose tickets are wanted: how it is asked for, and where it and its tickets are in the answer."""

    text: str
    """Stands in the document."""
    find: Callable[[Mapping[str, Any]], tuple[Any, tuple[str | int, ...]]]
    """The object that has the number, with its `count`, and the path of its tickets below the report."""
    words: str
    """What it is of the metric."""
    is_of_metrics: bool = True
    """Whether it stands in `metrics`, so that a row has it, too."""


async def made(gateway: Gateway, context: RequestContext, asked: Asked) -> Made:
    """The tickets as an export.

    Raises: Problem.
    """
    number = _number(asked)
    metric = METRICS[asked.variables["metric"]]
    variables = {name: value for name, value in asked.variables.items() if name not in ("metric", _ROW, *_PARTS)}
    text = _DOCUMENT.replace("    number\n", f"    {number.text}\n", 1)
    if row := asked.variables[_ROW]:
        text = text.replace(_DECLARED, _DECLARED + _OF_A_ROW, 1)
        variables |= {"by": [dimension for dimension, _ in row], "keys": [id_ for _, id_ in row]}
    streams: dict[tuple[str | int, ...], EveryTicket] = {}
    context.every_ticket = streams

    def stream(report: Mapping[str, Any]) -> EveryTicket | None:
        return streams.get(("report", *number.find(report)[1]))

    def stands(report: Mapping[str, Any]) -> bool:
        return stream(report) is not None or number.find(report)[0] is _NO_ROW

    report, withheld = await executed(gateway, context, text, variables, stands)
    read, (found, _) = stream(report), number.find(report)
    if read is None or found["count"] is None:
        reason = found.get("reason") or "It cannot be known in this slice."
        raise Problem(problems.Kind.IMPOSSIBLE_INPUT, f"There are no tickets behind {metric.label}: {reason}")
    head = {**envelope(report, asked), "metric": metric.name, **_named_part(asked)}
    if withheld:
        head["withheld"] = [one.as_json() for one in withheld]
    title = f"Tickets: {metric.label}{number.words}"
    part = Part("tickets", title, COLUMNS, lambda: _batches(read))
    return Made(title, head, part, (part,), (metric.name,), total=found["count"])


def _named_part(asked: Asked) -> dict[str, str]:
    """The part of the metric, as it was asked for."""
    return {name: asked.given[name][0] for name in (*_PARTS, _ROW) if name in asked.given}


def _number(asked: Asked) -> _Number:
    """Raises: Problem, for a part that the metric has not, and for more than one."""
    name = asked.variables["metric"]
    parts = [part for part in _PARTS if asked.variables[part] is not None]
    if len(parts) > 1:
        raise bad_input([Fault(parts[1], f"{' and '.join(parts)} name two parts of {name}. Give one of them.")])
    number: _Number | None = _of_metric(name, f"count reason tickets({_LISTED}", "")
    if parts:
        part, value = parts[0], asked.variables[parts[0]]
        number = _PART_READERS[part](name, value)
        if number is None:
            raise bad_input([Fault(part, f"{part} {asked.given[part][0]!r} is no part of {name}. {_HAVE[part]}")])
    assert number is not None
    return _of_row(number, asked, parts) if asked.variables[_ROW] else number


def _of_row(number: _Number, asked: Asked, parts: list[str]) -> _Number:
    """The same of one row. Raises: Problem, for a part that rows have not."""
    if not number.is_of_metrics:
        raise bad_input(
            [Fault(_ROW, f"A row has no {parts[0]}. Leave {parts[0]} out, or name what row says by filters.")]
        )

    def find(report: Mapping[str, Any]) -> tuple[Any, tuple[str | int, ...]]:
        breakdown = report["breakdown"]
        if breakdown is None:  # refused
            return None, ()
        if not breakdown["rows"]:
            return _NO_ROW, ()
        found, path = number.find(breakdown["rows"][0])
        return found, ("breakdown", "rows", 0, *path)

    text = f"breakdown(by: $by, keys: $keys) {{ rows {{ {number.text} }} }}"
    return _Number(text, find, f"{number.words} of {asked.given[_ROW][0]}")


def _of_metric(name: str, below: str, words: str) -> _Number:
    def find(report: Mapping[str, Any]) -> tuple[Any, tuple[str | int, ...]]:
        return report["metrics"]["number"], ("metrics", "number", "tickets")

    return _Number(f"metrics {{ number: {name} {{ {below} }} }}", find, words)


def _of_count(name: str, counted: str) -> _Number | None:
    details = METRICS[name].details
    if details is None or _COUNTED_AS[counted] not in details.counted:
        return None
    words = f", {counted.replace('_', ' ').lower()}"
    return _of_metric(name, f"count: {_COUNTED_AS[counted]} reason tickets(of: {counted}, {_LISTED}", words)


def _of_score(name: str, place: list[int]) -> _Number | None:
    details = METRICS[name].details
    if details is None or details.spread is None:
        return None
    of = constant(details.spread.name)
    number = _of_metric(
        name,
        f"reason {details.spread.name} tickets(of: {of}, at: {place}, {_LISTED}",
        f" of {place[0] + 1}",
    )
    spread = details.spread.name

    def find(report: Mapping[str, Any]) -> tuple[Any, tuple[str | int, ...]]:
        found, path = number.find(report)
        counts = found[spread]
        return {**found, "count": counts[place[0]] if counts else None}, path

    return _Number(number.text, find, number.words)


def _of_bucket(name: str, bucket: tuple[int, int | None]) -> _Number | None:
    if name not in _DISTRIBUTIONS:
        return None
    low, high = bucket
    edges = [low] if high is None else [low, high]
    text = (
        f"performance(edges: {edges}) {{ number: {_DISTRIBUTIONS[name]}"
        f" {{ buckets {{ from to count tickets({_LISTED} }} }} }}"
    )

    def find(report: Mapping[str, Any]) -> tuple[Any, tuple[str | int, ...]]:
        buckets = report["performance"]["number"]["buckets"]
        place = next(n for n, one in enumerate(buckets) if (one["from"], one["to"]) == (low, high))
        return buckets[place], ("performance", "number", "buckets", place, "tickets")

    words = f" of {low} seconds or more" if high is None else f" of {low} to {high} seconds"
    return _Number(text, find, words, is_of_metrics=False)


def _of_hour(name: str, place: list[int]) -> _Number | None:
    if name != "ticketsCreated":
        return None
    day, hour = place
    text = f"trends {{ seasonality {{ weekdayHour tickets(of: WEEKDAY_HOUR, at: {place}, {_LISTED} }} }}"

    def find(report: Mapping[str, Any]) -> tuple[Any, tuple[str | int, ...]]:
        counts = report["trends"]["seasonality"]["weekdayHour"]
        return {"count": counts[day][hour] if counts else None}, ("trends", "seasonality", "tickets")

    days = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
    return _Number(text, find, f" on {days[day]} from {hour}:00 to {hour + 1}:00", is_of_metrics=False)


def _those(have: Callable[[Details], bool]) -> str:
    """The metrics whose further numbers are such."""
    return ", ".join(name for name, metric in METRICS.items() if metric.details and have(metric.details))


_PART_READERS: Final[Mapping[str, Callable[[str, Any], _Number | None]]] = {
    "of": _of_count,
    "score": _of_score,
    "bucket": _of_bucket,
    "weekdayHour": _of_hour,
}
_HAVE: Final = {
    "of": f"Counts beside it have: {_those(lambda one: bool(set(_COUNTED_AS.values()) & one.counted.keys()))}.",
    "score": f"Scores have: {_those(lambda one: one.spread is not None)}.",
    "bucket": f"Buckets have: {', '.join(_DISTRIBUTIONS)}.",
    "weekdayHour": "Hours of the week has ticketsCreated.",
}


async def _batches(read: EveryTicket) -> Batches:
    async with aclosing(read()) as batches:
        async for nodes in batches:
            yield [_cells(node) for node in nodes]


def _cells(node: TicketNode) -> Cells:
    response, resolution = node.response_target, node.resolution_target
    category, team, agent, organization = node.category, node.team, node.agent, node.organization
    return (
        node.id,
        node.at.isoformat(),
        node.created_at.isoformat(),
        node.status.word,
        node.priority,
        node.channel,
        *((category.id, category.name) if category else (None, None)),
        *((team.id, team.name) if team else (None, None)),
        *((agent.id, agent.name) if agent else (None, None)),
        *((organization.id, organization.name) if organization else (None, None)),
        "|".join(node.tags) or None,
        node.subject,
        node.requester,
        node.seconds,
        node.business_seconds,
        node.within_target,
        *_target(response),
        *_target(resolution),
        node.score,
        node.comment,
    )


def _target(target: Target | None) -> tuple[str | None, str | None]:
    if target is None:
        return None, None
    return target.due_at.isoformat() if target.due_at else None, target.state.value
