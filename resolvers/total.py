"""Reads a metric over everything that a report is about."""

from __future__ import annotations

from resolvers.guard import guarding
from resolvers.loaders import Loaders
from resolvers.request import ReportRequest
from resolvers.values import Value, Wanted


async def total(request: ReportRequest, loaders: Loaders, wanted: Wanted) -> Value:
    """A metric's value over the whole slice."""
    cut = request.cut(wanted.partials)
    loaders.begin(cut)
    guard = await guarding(request, loaders, (wanted.metric,), request.windows)
    groups = await loaders.groups(cut)
    return guard.shown(request.value(wanted, groups), request.windows)
