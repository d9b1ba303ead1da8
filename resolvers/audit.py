"""The audit log, one page at a time, newest first, with a cursor to the next."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from db.audit.pages import AuditFilter, AuditPosition, audit_page
from db.errors import BadInput
from resolvers.loaders import Loaders


@dataclass(frozen=True)
class AuditRows:
    """One page of records, as stored, and where the next page begins."""

    rows: tuple[Mapping[str, Any], ...]
    next_cursor: str | None


async def audit_rows(loaders: Loaders, asked: AuditFilter, first: int, after: str | None) -> AuditRows:
    """One page of the audit log.

    Raises: BadInput, for a cursor of another list; TimedOut, Unavailable.
    """
    mark = hashlib.blake2b(repr(asked).encode(), digest_size=9).hexdigest()
    place = _position(after, mark) if after is not None else None
    async with loaders.engine.snapshot(loaders.viewer.scope, loaders.timings.note, loaders.viewer.subject) as snapshot:
        rows = await snapshot.fetch(audit_page(asked, first, place))
    found = tuple(dict(row) for row in rows[:first])
    cursor = _cursor(found[-1], mark) if len(rows) > first else None
    return AuditRows(found, cursor)


def _cursor(row: Mapping[str, Any], mark: str) -> str:
    parts = (mark, row["at"].isoformat(), str(row["id"]))
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def _position(cursor: str, mark: str) -> AuditPosition:
    try:
        known, at, number = orjson.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        place = AuditPosition(datetime.fromisoformat(at), UUID(number))
        if known != mark or place.at.tzinfo is None:
            raise ValueError
        return place
    except (ValueError, TypeError, AttributeError, binascii.Error):
        raise BadInput(
            "after: the cursor is not of this list: another filter. "
            "Give the `nextCursor` of the same list, or start again without it.",
            parameter="after",
        ) from None
