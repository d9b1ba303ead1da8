"""Times: how long the first response and the resolution take."""

from __future__ import annotations

from typing import Final

from db.catalog.flows import STANDING
from db.domain import Source
from db.metric import Better, Column, Mean, Metric, Rows, Test, Unit, duration_details

FIRST_RESPONSES: Final = Rows(Source.FIRST_RESPONSE, (Test.TIMED,))
STANDING_RESOLUTIONS: Final = STANDING.also(Test.TIMED)
FIRST_RESOLUTIONS: Final = Rows(Source.RESOLUTION, (Test.FIRST, Test.TIMED))
RESPONSE_EDGES: Final = (0, 900, 1800, 3600, 7200, 14400, 28800, 86400)
"""The usual buckets of the first response times. Unit: seconds."""
RESOLUTION_EDGES: Final = (0, 3600, 14400, 28800, 86400, 259200, 604800, 1209600)
"""The usual buckets of the resolution times. Unit: seconds."""

AVG_RESPONSE_TIME: Final = Metric(
    name="avgResponseTime",
    label="First response time, mean",
    unit=Unit.SECONDS,
    better=Better.LOWER,
    definition="Mean time from creation to the first public reply by a human agent.",
    anchor="the first public reply by a human agent",
    credited_to="the author of that reply",
    measure=Mean(Column.SECONDS, FIRST_RESPONSES),
    details=duration_details(FIRST_RESPONSES),
)

AVG_RESOLUTION_TIME: Final = Metric(
    name="avgResolutionTime",
    label="Resolution time, mean",
    unit=Unit.SECONDS,
    better=Better.LOWER,
    definition="Mean time from creation to the standing resolution (the last resolve, not reopened since).",
    anchor="the standing resolution",
    credited_to="the assignee at that moment",
    measure=Mean(Column.SECONDS, STANDING_RESOLUTIONS),
    details=duration_details(STANDING_RESOLUTIONS),
)

FIRST_RESOLUTION_TIME: Final = Metric(
    name="firstResolutionTime",
    label="First resolution time, mean",
    unit=Unit.SECONDS,
    better=Better.LOWER,
    definition="Mean time from creation to the first resolve, whether or not the ticket was reopened.",
    anchor="the first resolution",
    credited_to="the assignee at that moment",
    measure=Mean(Column.SECONDS, FIRST_RESOLUTIONS),
    details=duration_details(FIRST_RESOLUTIONS),
)
