"""Live sources in the public language: everybody learns how old the data is, who operates the gateway learns why."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

import strawberry
from strawberry.types import Info

from db.sync.status import SourceStatus
from resolvers.sources import sources as sources_of
from schema.context import RequestContext


@strawberry.enum(description="How a live source fares.")
class SourceState(Enum):
    """A state."""

    LOADING = "loading"
    FOLLOWING = "following"
    FAILING = "failing"


@strawberry.type(description="A system whose tickets are followed (`deskgraph sync`).")
class LiveSource:
    """A source."""

    as_of: datetime | None = strawberry.field(
        description="All that the source had committed by then is in the reports; null until it was read once."
    )
    lag_seconds: float | None = strawberry.field(description="How long ago that was.")
    is_stale: bool = strawberry.field(description="Whether that is longer than the source's pace explains.")
    state: SourceState
    name: str | None
    kind: str | None
    failures: int | None = strawberry.field(description="Passes that failed, in a row.")
    error: str | None = strawberry.field(description="Why the last pass failed; null where it did not.")
    warning: str | None = strawberry.field(description="Why tickets that are gone were not deleted.")
    rejects: int | None = strawberry.field(description="Rows that cannot go in at present, as far as they are kept.")
    skew_seconds: float | None = strawberry.field(description="How far the source's clock is ahead.")
    tickets_deleted: float | None = strawberry.field(description="A whole number, which may be larger than an Int.")


async def sources(self: Any, info: Info[RequestContext, Any]) -> list[LiveSource] | None:
    """The live sources."""
    info.context.lasting.keep_out()  # they are read again without the store's version being raised
    return [_public(one, info.context.now) for one in await sources_of(info.context.loaders)]


def _public(one: SourceStatus, now: datetime) -> LiveSource:
    return LiveSource(
        as_of=one.as_of,
        lag_seconds=one.lag_seconds(now),
        is_stale=one.is_stale(now),
        state=SourceState(one.state),
        name=one.name,
        kind=one.kind,
        failures=one.failures,
        error=one.error,
        warning=one.warning,
        rejects=one.rejects,
        skew_seconds=one.skew_seconds,
        tickets_deleted=one.tickets_deleted,
    )
