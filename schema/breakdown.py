"""Rows by any dimensions, with any metrics."""

from __future__ import annotations

from typing import Any

import strawberry
from strawberry.types import Info

from db.catalog.flows import TICKETS_CREATED
from db.errors import BadInput
from db.periods import Grain
from resolvers import rows
from resolvers.request import ReportRequest
from resolvers.rows import Table
from resolvers.values import Wanted
from schema.context import RequestContext
from schema.enums import GroupBy
from schema.inputs import Having, OrderBy
from schema.keys import PublicKey, public_key
from schema.limits import require_grouping, require_inputs
from schema.metrics import Metrics, allowed, of_row
from schema.paging import checked_first
from schema.selection import selected

MAX_DIMENSIONS = 4


@strawberry.type(description="A group with its metrics.")
class BreakdownRow:
    """A row."""

    keys: list[PublicKey]
    metrics: Metrics  # type: ignore[valid-type]  # a type made from the catalogue


@strawberry.type(description="One page of rows.")
class Breakdown:
    """A page, and how many rows there are in all."""

    rows: list[BreakdownRow]
    total: int
    next_cursor: str | None = strawberry.field(description="Give it as `after` for the next page; null on the last.")


async def breakdown(
    request: ReportRequest,
    info: Info[RequestContext, Any],
    by: list[GroupBy],
    grain: Grain | None,
    first: int,
    after: str | None,
    order_by: list[OrderBy],
    having: list[Having],
    keys: list[strawberry.ID | None] | None,
) -> Breakdown:
    """One page of a grouped report."""
    groups = tuple(dict.fromkeys(by))
    if not 1 <= len(groups) <= MAX_DIMENSIONS or len(groups) != len(by):
        raise BadInput(f"by: give 1 to {MAX_DIMENSIONS} different dimensions.", parameter="by")
    if (GroupBy.TIME in groups) != (grain is not None):
        raise BadInput("by TIME and grain go together: give both or neither.", parameter="grain")
    if keys is not None and len(keys) != len(groups):
        raise BadInput(f"keys: give {len(groups)}, one for each of `by`, not {len(keys)}.", parameter="keys")
    stored = tuple(one.stored for one in groups if one.stored is not None)
    viewer = info.context.viewer
    require_grouping(viewer, stored)
    orders = tuple(order.parsed(groups) for order in order_by)
    bounds = tuple(bound.parsed() for bound in having)
    require_inputs(viewer, stored, orders, bounds)
    chosen = selected(info).get("rows", {}).get("metrics", {})
    shown = allowed(chosen, stored, info, ("rows", "metrics"))
    asked = Table(stored, grain, shown or (Wanted(TICKETS_CREATED),), orders, bounds, only=_in_order(groups, keys))
    page = await rows.table(request, info.context.loaders, asked, checked_first(first), after)
    return Breakdown(
        rows=[
            BreakdownRow(keys=[public_key(key) for key in row.keys], metrics=of_row(row.metrics, row.place))
            for row in page.rows
        ],
        total=page.total,
        next_cursor=page.next_cursor,
    )


def _in_order(groups: tuple[GroupBy, ...], keys: list[strawberry.ID | None] | None) -> list[str | None] | None:
    """Keys as a row has them: time comes last."""
    if keys is None:
        return None
    pairs = sorted(zip(groups, keys, strict=True), key=lambda pair: pair[0] is GroupBy.TIME)
    return [key for _, key in pairs]
