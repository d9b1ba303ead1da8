"""The reporting store: what is kept, table by table, in the PostgreSQL schema `deskgraph`.

Every table that grows with the tickets carries `organization_id` in its key (0 = unset), so that it can be
distributed by it; the dimensions and settings are small. `external_id` is the id of the source, its own string;
the integer ids are ours. Codes are those of `db.domain`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from db.domain import ActorKind, Channel, Clock, EventKind, Priority, Source, Status, Word

SCHEMA = "deskgraph"


def _codes(column: str, words: type[Word], *, also_unset: bool = False) -> CheckConstraint:
    low = 0 if also_unset else min(words)
    return CheckConstraint(f"{column} BETWEEN {int(low)} AND {int(max(words))}", name=f"{column}_known")


def _instant(*, nullable: bool = True) -> Any:
    return Field(sa_type=SqlDateTime(timezone=True), nullable=nullable)


def _small(*, nullable: bool = True) -> Any:
    return Field(sa_type=SmallInteger, nullable=nullable)


def _ids() -> Any:
    return Field(default=None, sa_type=ARRAY(Integer), nullable=True)


def _texts() -> Any:
    return Field(sa_type=ARRAY(Text), nullable=False)


class Stored(SQLModel):
    """The base of every table."""

    __table_args__: ClassVar[Any] = {"schema": SCHEMA}


class Dimension(Stored):
    """A thing that tickets point to, known by the source's own id."""

    id: int | None = Field(default=None, primary_key=True)
    external_id: str = Field(unique=True)
    name: str


class Organization(Dimension, table=True):
    """A client company in the portal."""

    __tablename__ = "organizations"


class Team(Dimension, table=True):
    """A group of agents."""

    __tablename__ = "teams"


class Category(Dimension, table=True):
    """What a ticket is about."""

    __tablename__ = "categories"


class Tag(Dimension, table=True):
    """A free label; id and name are the same word."""

    __tablename__ = "tags"


class Agent(Dimension, table=True):
    """A person who answers tickets. One who left stays, inactive, with the history."""

    __tablename__ = "agents"

    team_id: int | None = None
    email: str | None = None
    active: bool = True


class Ticket(Stored, table=True):
    """A ticket as its source last gave it; what reports read are its facts."""

    __tablename__ = "tickets"
    __table_args__ = (
        _codes("status", Status),
        _codes("priority", Priority),
        _codes("channel", Channel),
        UniqueConstraint("external_id", "organization_id"),
        {"schema": SCHEMA},
    )

    organization_id: int = Field(primary_key=True, sa_type=Integer)
    id: int = Field(primary_key=True, sa_type=BigInteger)
    external_id: str
    created_at: datetime = _instant(nullable=False)
    subject: str | None = None
    requester: str | None = None
    category_id: int | None = None
    priority: int | None = _small()
    channel: int | None = _small()
    status: int | None = _small()
    team_id: int | None = None
    assignee_id: int | None = None
    tag_ids: list[int] | None = _ids()
    first_response_at: datetime | None = _instant()
    first_responder_id: int | None = None
    resolved_at: datetime | None = _instant()
    closed_at: datetime | None = _instant()
    reopen_count: int | None = None
    first_response_due_at: datetime | None = _instant()
    resolution_due_at: datetime | None = _instant()
    updated_at: datetime | None = _instant()
    prefers_columns: bool = False
    """Whether these columns win over the ticket's events (the mapping's `prefer = "columns"`)."""
    import_run_id: int


class TicketEvent(Stored, table=True):
    """One thing that happened to a ticket, in order of time."""

    __tablename__ = "ticket_events"
    __table_args__ = (_codes("kind", EventKind), _codes("actor_kind", ActorKind), {"schema": SCHEMA})

    organization_id: int = Field(primary_key=True, sa_type=Integer)
    ticket_id: int = Field(primary_key=True, sa_type=BigInteger)
    ordinal: int = Field(primary_key=True, sa_type=Integer)
    at: datetime = _instant(nullable=False)
    kind: int = _small(nullable=False)
    actor: str | None = None
    actor_kind: int | None = _small()
    from_value: str | None = None
    to_value: str | None = None


class Rating(Stored, table=True):
    """The answer to a ticket's survey; a later one replaces the earlier."""

    __tablename__ = "ratings"
    __table_args__ = (CheckConstraint("score BETWEEN 1 AND 5", name="score_known"), {"schema": SCHEMA})

    organization_id: int = Field(primary_key=True, sa_type=Integer)
    ticket_id: int = Field(primary_key=True, sa_type=BigInteger)
    at: datetime = _instant(nullable=False)
    score: int = _small(nullable=False)
    agent_id: int | None = None
    comment: str | None = None


class SlaPolicy(Stored, table=True):
    """Targets for the tickets it matches. Of equally specific policies the lower position wins."""

    __tablename__ = "sla_policies"
    __table_args__ = (_codes("clock", Clock), {"schema": SCHEMA})

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    position: int
    match_priority: int | None = _small()
    match_category_id: int | None = None
    match_organization_id: int | None = None
    first_response_seconds: int | None = None
    resolution_seconds: int | None = None
    clock: int = _small(nullable=False)
    pause_on: list[int] | None = _ids()
    """The statuses in which the clock stands still."""
    calendar: str | None = None


class Calendar(Stored, table=True):
    """One version of a business calendar: when the desk is open, in its own zone."""

    __tablename__ = "calendars"
    __table_args__ = (
        UniqueConstraint("name", "valid_from", postgresql_nulls_not_distinct=True),
        {"schema": SCHEMA},
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str
    zone: str
    spans: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    holidays: list[Any] = Field(sa_column=Column(JSONB, nullable=False))
    valid_from: str | None = Field(default=None, sa_type=Text)
    """An instant or a local date, as given; absent means since ever."""
    valid_until: str | None = Field(default=None, sa_type=Text)


class Fact(Stored, table=True):
    """One fact of one ticket: what reports count, add up and measure (metrics, "Sources").

    Organization, category, priority, channel, status and tags are the present ones; agent and team are
    those whom the fact is credited to.
    """

    __tablename__ = "facts"
    __table_args__ = (
        _codes("source", Source),
        _codes("status", Status),
        _codes("priority", Priority, also_unset=True),
        _codes("channel", Channel, also_unset=True),
        # The ticket first: its id rises, so an import appends to the index; the organization last: every key has it.
        PrimaryKeyConstraint("ticket_id", "ordinal", "organization_id"),
        Index("facts_by_source_and_instant", "source", "at"),
        Index("facts_by_agent", "agent_id", "source", "at"),
        Index("facts_by_organization", "organization_id", "source", "at"),
        Index("facts_by_topic", "category_id", "priority", "source", "at"),
        Index(
            "facts_standing",
            "organization_id",
            "agent_id",
            "category_id",
            postgresql_where="is_standing AND source IN (6, 8)",
        ),
        {"schema": SCHEMA},
    )

    organization_id: int = Field(primary_key=True, sa_type=Integer)
    ticket_id: int = Field(primary_key=True, sa_type=BigInteger)
    ordinal: int = Field(primary_key=True, sa_type=SmallInteger)
    source: int = _small(nullable=False)
    at: datetime = _instant(nullable=False)
    created_at: datetime = _instant(nullable=False)
    category_id: int
    priority: int = _small(nullable=False)
    channel: int = _small(nullable=False)
    status: int = _small(nullable=False)
    team_id: int
    agent_id: int
    tag_ids: list[int] | None = _ids()
    interval_status: int | None = _small()
    """Of the ends of an interval: the status in that interval."""
    is_first: bool | None = None
    """Of a resolution: is it the ticket's first."""
    is_standing: bool | None = None
    """Of a resolution: has nothing reopened it up to now. Of the beginning of an interval: has it no end yet."""
    seconds: int | None = None
    """Whole seconds since creation, calendar clock."""
    business_seconds: int | None = None
    """Whole seconds since creation, business clock; NULL where no calendar is known."""
    log_bucket: int | None = _small()
    """The logarithmic histogram's bucket of `seconds` (db.sketch)."""
    business_log_bucket: int | None = _small()
    within_target: bool | None = None
    """Of a first response or resolution: met its target; NULL without a target."""
    score: int | None = _small()


class ImportRun(Stored, table=True):
    """One run of an import: how far it came and what it did."""

    __tablename__ = "import_runs"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'finished', 'failed')", name="state_known"),
        {"schema": SCHEMA},
    )

    id: int | None = Field(default=None, primary_key=True)
    started_at: datetime = _instant(nullable=False)
    finished_at: datetime | None = _instant()
    state: str
    source: str
    """What was imported: a folder's or file's name, never its whole path."""
    fingerprint: str
    """Digest of the mapping and of the files' contents: an interrupted run of equal input is resumed."""
    merged_through: str | None = None
    """The last ticket (by external id, C collation) whose batch is committed."""
    rows_read: int = Field(default=0, sa_type=BigInteger)
    rows_new: int = Field(default=0, sa_type=BigInteger)
    rows_changed: int = Field(default=0, sa_type=BigInteger)
    rows_unchanged: int = Field(default=0, sa_type=BigInteger)
    rows_rejected: int = Field(default=0, sa_type=BigInteger)


class ApiKey(Stored, table=True):
    """A machine's key: whom it stands for, until when, and the hash of what proves it (db.api_keys)."""

    __tablename__ = "api_keys"
    __table_args__ = (CheckConstraint("octet_length(hash) = 32", name="hash_is_sha256"), {"schema": SCHEMA})

    id: str = Field(primary_key=True)
    """The part of the key that names it."""
    hash: bytes
    """SHA-256 of the part that proves it."""
    name: str
    role: str
    agent: str | None = None
    teams: list[str] = Field(sa_type=ARRAY(Text), nullable=False)
    organization: str | None = None
    created_at: datetime = _instant(nullable=False)
    expires_at: datetime = _instant(nullable=False)
    revoked_at: datetime | None = _instant()


class AuditRecord(Stored, table=True):
    """One request: who asked what, and what became of it (docs/audit.md). Rows are only added; the purge removes."""

    __tablename__ = "audit_log"
    __table_args__ = (
        CheckConstraint("requests > 0", name="requests_positive"),
        Index("audit_log_by_instant", "at", "id"),
        {"schema": SCHEMA},
    )

    id: UUID = Field(primary_key=True)
    at: datetime = _instant(nullable=False)
    door: str
    operation: str
    outcome: str
    request_id: str
    subject: str | None = None
    role: str | None = None
    scope: str | None = None
    scope_ids: list[str] = _texts()
    document_hash: str | None = None
    variables: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    rows: int
    statements: int
    duration_ms: int
    withheld: list[str] = _texts()
    requests: int


class SavedReportRecord(Stored, table=True):
    """A report that a viewer saved: the address of a page under a name (docs/saved_reports.md)."""

    __tablename__ = "saved_reports"
    __table_args__ = (
        UniqueConstraint("issuer", "subject", "name"),
        CheckConstraint("char_length(name) BETWEEN 1 AND 120", name="name_fits"),
        CheckConstraint("octet_length(query) <= 4096", name="query_fits"),
        CheckConstraint("octet_length(export_order) <= 65536", name="order_fits"),
        {"schema": SCHEMA},
    )

    id: UUID = Field(primary_key=True)
    issuer: str
    """Who vouches for the subject; empty where its token does not say."""
    subject: str
    name: str
    page: str
    query: str
    """The page's URL parameters."""
    export_order: str | None = None
    """What of it is exported, as a body of the export route."""
    created_at: datetime = _instant(nullable=False)
    updated_at: datetime = _instant(nullable=False)


class DataVersion(Stored, table=True):
    """The store's version: one row, raised in the transaction of every write that a report could show."""

    __tablename__ = "data_version"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), {"schema": SCHEMA})

    id: int = Field(default=1, primary_key=True)
    version: int = Field(sa_type=BigInteger)
    changed_at: datetime = _instant(nullable=False)
