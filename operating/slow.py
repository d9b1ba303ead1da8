"""Slow statements in the log: where each was answered from, and why nothing cheaper would do; never a value."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from db.statement import Statement
from operating.logs import FIELDS
from resolvers.explained import explanation, in_words
from resolvers.plan import PlannedQuery

_log = logging.getLogger("deskgraph.slow")


@dataclass(frozen=True)
class SlowStatements:
    """Tells of statements that take longer than so many milliseconds."""

    limit_ms: int

    def statement(self, statement: Statement, seconds: float) -> None:
        """Tells of a statement, if it was slow. Its text has numbered parameters where values stand."""
        milliseconds = round(seconds * 1000, 1)
        if milliseconds < self.limit_ms:
            return
        fields: dict[str, Any] = {"ms": milliseconds, "sql": " ".join(statement.sql.split())}
        what = "no report"
        if isinstance(statement.about, PlannedQuery):
            fields["plan"] = explanation(statement.about)
            what = in_words(statement.about)
        _log.warning("slow statement: %s ms, from %s", milliseconds, what, extra={FIELDS: fields})
