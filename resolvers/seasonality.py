"""The history behind a report's seasonality: which days are asked of the store, in the zone's wall clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from db import zones
from db.catalog.flows import TICKETS_CREATED
from db.periods import Grain, Period, buckets
from resolvers.loaders import Loaders
from resolvers.plan import Cut, Reach
from resolvers.request import ReportRequest
from resolvers.seasons.model import History
from resolvers.seasons.parts import Seasons

HISTORY_DAYS = 1096
"""Three years."""


async def seasons(request: ReportRequest, loaders: Loaders) -> Seasons:
    """What the daily tickets created up to the period's end say; one statement, whatever is read of it."""
    zone = request.period.zone
    since = _first_whole_day(request.period.since, zone)
    end = min(request.period.until, request.slice.as_of).astimezone(zone).date()
    first = min(since, end - timedelta(days=HISTORY_DAYS))
    asked = buckets(Period(zones.start_of_day(first, zone), zones.start_of_day(end, zone), zone), Grain.DAY)
    partial = TICKETS_CREATED.partials[0]
    groups = await loaders.groups(Cut(request.slice, (), asked.windows, (partial,), Reach.HISTORY))
    counts = np.zeros((end - first).days)
    for start, values in zip(asked.starts, groups[()], strict=True):
        counts[(start.astimezone(zone).date() - first).days] = values.number(partial) or 0
    return Seasons(History(first, counts), since, end)


def _first_whole_day(at: datetime, zone: ZoneInfo) -> date:
    day = at.astimezone(zone).date()
    return day if zones.is_midnight(at, zone) else day + timedelta(days=1)
