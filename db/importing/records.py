"""The store's rows as tuples in column order: what the merge reads, compares and copies in.

Ids are the store's own integers here, codes those of `db.domain`, times aware and in UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple


class TicketRecord(NamedTuple):
    """A row of `tickets`."""

    organization_id: int
    id: int
    external_id: str
    created_at: datetime
    subject: str | None = None
    requester: str | None = None
    category_id: int | None = None
    priority: int | None = None
    channel: int | None = None
    status: int | None = None
    team_id: int | None = None
    assignee_id: int | None = None
    tag_ids: list[int] | None = None
    first_response_at: datetime | None = None
    first_responder_id: int | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    reopen_count: int | None = None
    first_response_due_at: datetime | None = None
    resolution_due_at: datetime | None = None
    updated_at: datetime | None = None
    prefers_columns: bool = False
    import_run_id: int = 0


class EventRecord(NamedTuple):
    """What `ticket_events` says of one event, after its key."""

    at: datetime
    kind: int
    actor: str | None = None
    actor_kind: int | None = None
    from_value: str | None = None
    to_value: str | None = None


class RatingRecord(NamedTuple):
    """What `ratings` says of one rating, after its key."""

    at: datetime
    score: int
    agent_id: int | None = None
    comment: str | None = None


Fact = tuple[object, ...]
"""A row of `facts`; a plain tuple, because six or more are made for every ticket."""

TICKET_COLUMNS: Final = TicketRecord._fields
EVENT_COLUMNS: Final = ("organization_id", "ticket_id", "ordinal", *EventRecord._fields)
RATING_COLUMNS: Final = ("organization_id", "ticket_id", *RatingRecord._fields)
FACT_COLUMNS: Final = (
    "organization_id",
    "ticket_id",
    "ordinal",
    "source",
    "at",
    "created_at",
    "category_id",
    "priority",
    "channel",
    "status",
    "team_id",
    "agent_id",
    "tag_ids",
    "interval_status",
    "is_first",
    "is_standing",
    "seconds",
    "business_seconds",
    "log_bucket",
    "business_log_bucket",
    "within_target",
    "score",
)
