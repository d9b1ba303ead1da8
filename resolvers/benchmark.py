"""What an agent's whole team comes to, for comparison: only where the team's numbers tell of nobody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from db.access import Realm
from db.directory import Entity
from db.metric import Measure, Partial, PartialKind, Reading
from db.periods import Window
from db.query import EVERYTHING, Asked, Attribution, Dimension, Match
from resolvers import privacy
from resolvers.fold import Groups
from resolvers.loaders import Loaders
from resolvers.plan import Cut
from resolvers.privacy import Never, Refusal, Rules, Team
from resolvers.request import ReportRequest
from resolvers.values import Value, Wanted

_COUNTS = (PartialKind.COUNT, PartialKind.STOCK)


@dataclass(frozen=True)
class Benchmark:
    """An agent's team and the report about it: same period, clock and comparisons, no filter."""

    team: Entity
    agent: str
    request: ReportRequest


async def benchmark_of(request: ReportRequest, loaders: Loaders) -> Benchmark | None:
    """The benchmark of a report; None for a viewer who is not one agent, or an agent of no team."""
    viewer = loaders.viewer
    if viewer.realm is not Realm.SELF or viewer.agent is None:
        return None
    team = await loaders.team(viewer.agent)
    if team is None:
        return None
    asked = replace(request.slice, scope=viewer.benchmark_scope(team.id), condition=EVERYTHING)
    return Benchmark(team, viewer.agent, replace(request, slice=asked))


async def team_value(benchmark: Benchmark, loaders: Loaders, wanted: Wanted) -> Value:
    """A metric of the whole team, or why it is withheld.

    Raises: as `Loaders.groups`.
    """
    request = benchmark.request
    cut = request.cut(wanted.partials)
    loaders.begin(cut)
    others = await _others(benchmark, loaders, wanted)
    value = request.value(wanted, await loaders.groups(cut))
    rules = _rules(request, others, facts_told(wanted.metric.measure))
    own, *compared = (rules.refusal(window) for window in request.windows)
    return value._replace(details=_details(request, wanted, value, others)).withheld(own, compared)


def facts_told(measure: Measure) -> tuple[Partial, ...]:
    """The facts that a number tells of: those that it counts, and of a ratio of two kinds also the other kind.

    What some of the counted facts have in common (a target met, a good score) is told of all that are counted.
    """
    counted = measure.counted
    further = (p for p in measure.partials if p.kind in _COUNTS and p.rows.source is not counted.rows.source)
    return tuple(dict.fromkeys((counted, *further)))


Others = Mapping[Window, Mapping[Partial, Mapping[int, int]]]
"""By month, for each kind of facts: how many each other agent has."""


async def _others(benchmark: Benchmark, loaders: Loaders, wanted: Wanted) -> Others:
    request = benchmark.request
    as_of = request.slice.as_of
    months = tuple(dict.fromkeys(m for window in request.windows for m in privacy.whole_months(window, as_of)))
    if not months:
        return {}
    details = wanted.metric.details.numbers if wanted.metric.details else ()
    measures = (wanted.metric.measure, *(detail.measure for detail in details))
    partials = tuple(dict.fromkeys(partial for measure in measures for partial in facts_told(measure)))
    besides = replace(request.slice, condition=Match(Dimension.AGENT, Asked.NOT_IN, (benchmark.agent,)))
    groups = await loaders.groups(Cut(besides, (Dimension.AGENT,), months, partials))
    return {month: _by_agent(groups, number, partials) for number, month in enumerate(months)}


def _by_agent(groups: Groups, month: int, partials: Sequence[Partial]) -> Mapping[Partial, Mapping[int, int]]:
    return {
        partial: {agent: values[month].number(partial) or 0 for (agent,), values in groups.items()}
        for partial in partials
    }


def _rules(request: ReportRequest, others: Others, told: Sequence[Partial]) -> Rules:
    if request.slice.attribution is not Attribution.EVENT:
        return Never(privacy.NO_BENCHMARK)
    counts = {month: [of[partial] for partial in told] for month, of in others.items()}
    return Team(request.slice.as_of, counts)


def _details(request: ReportRequest, wanted: Wanted, value: Value, others: Others) -> Mapping[str, Reading]:
    """The details beside a number; one that counts facts of another kind is withheld by those."""
    source = wanted.metric.measure.counted.rows.source
    refused: dict[str, Refusal | None] = {}
    for detail in wanted.metric.details.numbers if wanted.metric.details else ():
        if detail.measure.counted.rows.source is not source:
            rules = _rules(request, others, facts_told(detail.measure))
            refused[detail.name] = rules.refusal(request.period.window)
    return {name: None if refused.get(name) else reading for name, reading in value.details.items()}
