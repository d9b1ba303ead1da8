"""What each holder was when it was last seen: what its schedules may show (docs/exports.md)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from db.access import Viewer
from db.export_jobs import claims_of
from db.statement import Statement

SEEN_EVERY: Final = timedelta(days=1)
"""So exactly it is known when a holder was last seen."""

_NOTE: Final = (
    "INSERT INTO deskgraph.holders AS known (issuer, subject, claims, seen_at) VALUES ($1, $2, $3::jsonb, $4)"
    " ON CONFLICT (issuer, subject) DO UPDATE SET claims = excluded.claims, seen_at = excluded.seen_at"
    " WHERE known.claims <> excluded.claims OR known.seen_at < excluded.seen_at"
    " OR known.seen_at > excluded.seen_at + $5"
)
"""Who was seen more than a day later than now was seen by a clock that was wrong."""


def note(viewer: Viewer, now: datetime) -> Statement:
    """Notes what a viewer is now."""
    return Statement(_NOTE, (*viewer.holder, claims_of(viewer), now, SEEN_EVERY))
