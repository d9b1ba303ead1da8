"""What one field may ask for: groupings, and what ordering by a metric needs."""

from __future__ import annotations

from collections.abc import Sequence

from db.access import Capability, Viewer
from db.metric import Metric
from db.query import Dimension
from resolvers.rows import Bound, Order
from schema.metrics import capabilities


def require_grouping(viewer: Viewer, by: Sequence[Dimension]) -> None:
    """Raises: Forbidden, where the role may not see rows by one of the dimensions."""
    if Dimension.AGENT in by:
        viewer.require(Capability.AGENTS_READ, "A grouping by agent")


def require_inputs(viewer: Viewer, by: tuple[Dimension, ...], orders: Sequence[Order], bounds: Sequence[Bound]) -> None:
    """Ordering by a metric, or bounding it, needs what reading it needs."""
    further = [(o.by, "orderBy") for o in orders] + [(b.metric, "having") for b in bounds]
    for metric, what in further:
        if isinstance(metric, Metric):
            for capability in capabilities(metric, by):
                viewer.require(capability, f"{what} {metric.name}")
