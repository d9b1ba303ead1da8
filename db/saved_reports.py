"""Reports that a viewer saved: what is kept of one, and the statements that list, write and remove them.

Each statement names the holder, and behind both walls the database shows no other's rows (db.walls.keeping).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final
from uuid import UUID

from db.access import Viewer
from db.statement import Statement

MAX_REPORTS: Final = 200
"""Of one viewer."""
MAX_NAME: Final = 120
"""Unit: characters."""
MAX_QUERY_BYTES: Final = 4_096

_COLUMNS: Final = "id, name, page, query, export_order, created_at, updated_at"
_MINE: Final = "issuer = $1 AND subject = $2"
_LIST: Final = f"SELECT {_COLUMNS} FROM deskgraph.saved_reports WHERE {_MINE} ORDER BY lower(name), name"
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended($2, hashtextextended($1, 7203007)))"
_STATE: Final = (
    "SELECT count(*) AS reports, coalesce(bool_or(id = $4), false) AS is_there,"
    " coalesce(bool_or(name = $3 AND id <> $4), false) AS is_taken"
    f" FROM deskgraph.saved_reports WHERE {_MINE}"
)
_INSERT: Final = (
    "INSERT INTO deskgraph.saved_reports (issuer, subject, id, name, page, query, export_order, created_at,"
    f" updated_at) VALUES ($1, $2, $3, $4, $5, $6, $8, $7, $7) RETURNING {_COLUMNS}"
)
_UPDATE: Final = (
    "UPDATE deskgraph.saved_reports SET name = $4, page = $5, query = $6, updated_at = $7, export_order = $8"
    f" WHERE {_MINE} AND id = $3 RETURNING {_COLUMNS}"
)
_DELETE: Final = f"DELETE FROM deskgraph.saved_reports WHERE {_MINE} AND id = $3 RETURNING id"


class Page(Enum):
    """The web UI's pages that show a report."""

    OVERVIEW = "overview"
    PERFORMANCE = "performance"
    AGENTS = "agents"
    TRENDS = "trends"
    EXPLORE = "explore"
    TICKETS = "tickets"


@dataclass(frozen=True)
class Definition:
    """What a saved report shows."""

    name: str
    page: Page
    query: str
    """The page's URL parameters, as they stand in its address."""
    order: str | None = None
    """What of it is exported, as a body of the export route."""


@dataclass(frozen=True)
class SavedReport:
    """A report as it is kept."""

    id: UUID
    definition: Definition
    created_at: datetime
    updated_at: datetime


def report_of(row: Mapping[str, Any]) -> SavedReport:
    """The report that a row tells of."""
    definition = Definition(row["name"], Page(row["page"]), row["query"], row["export_order"])
    return SavedReport(row["id"], definition, row["created_at"], row["updated_at"])


def listing(viewer: Viewer) -> Statement:
    """Brings the viewer's reports, by name."""
    return Statement(_LIST, viewer.holder)


def locking(viewer: Viewer) -> Statement:
    """Lets one transaction at a time write the viewer's reports: what `state` brings holds until its end."""
    return Statement(_LOCK, viewer.holder)


def state(viewer: Viewer, name: str, id_: UUID) -> Statement:
    """Brings how many reports the viewer has, whether one has the id, and whether another has the name."""
    return Statement(_STATE, (*viewer.holder, name, id_))


def insert(viewer: Viewer, id_: UUID, definition: Definition, now: datetime) -> Statement:
    """Adds a report."""
    return _writing(_INSERT, viewer, id_, definition, now)


def update(viewer: Viewer, id_: UUID, definition: Definition, now: datetime) -> Statement:
    """Makes a report another."""
    return _writing(_UPDATE, viewer, id_, definition, now)


def _writing(sql: str, viewer: Viewer, id_: UUID, definition: Definition, now: datetime) -> Statement:
    written = (definition.name, definition.page.value, definition.query, now, definition.order)
    return Statement(sql, (*viewer.holder, id_, *written))


def removal(viewer: Viewer, id_: UUID) -> Statement:
    """Removes a report; brings its id, if there was one."""
    return Statement(_DELETE, (*viewer.holder, id_))
