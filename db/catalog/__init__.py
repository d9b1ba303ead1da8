"""The catalogue: every metric, once. Add a record to one of the modules, and it is everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from db.catalog import flows, quality, stocks, times
from db.metric import Metric

BY_NAME: Final[Mapping[str, Metric]] = {
    found.name: found
    for module in (stocks, flows, times, quality)
    for found in vars(module).values()
    if isinstance(found, Metric)
}
"""In the order in which the modules declare them."""
METRICS: Final[tuple[Metric, ...]] = tuple(BY_NAME.values())
