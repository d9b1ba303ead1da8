"""The catalogue: every metric, once. Add a record to one of the modules, and it is everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from db.catalog import flows, quality, stocks, times
from db.metric import Metric

METRICS: Final[tuple[Metric, ...]] = (*stocks.METRICS, *flows.METRICS, *times.METRICS, *quality.METRICS)
BY_NAME: Final[Mapping[str, Metric]] = {metric.name: metric for metric in METRICS}
