"""The intake, described: a row as it is sent, and what became of it."""

from __future__ import annotations

from typing import Any, Final

from rest_compat.accept import JSON
from rest_compat.ingest import NDJSON, PATH
from rest_compat.openapi.answers import Schema, record
from rest_compat.problems import Kind

REFUSED: Final = frozenset(Kind) - {
    *(Kind.NOT_STORED, Kind.METHOD_NOT_ALLOWED, Kind.RANGE_NOT_SATISFIABLE, Kind.TOO_COMPLEX, Kind.IMPOSSIBLE_INPUT),
}
"""What the route answers besides."""
_SENT: Final = """{"table": "tickets", "row": {"id": "7", "created_at": "2024-01-31T09:30:00Z", "status": "open"}}
{"table": "events", "row": {"ticket_id": "7", "at": "2024-01-31T09:40:00Z", "kind": "assigned", "to": "ann"}}
"""


def row_schema() -> Schema:
    """A line of the body: a row of the import format with its table."""
    from schema.intake import TABLES  # with what writes: loaded for the description alone

    return record({"table": {"type": "string", "enum": list(TABLES)}, "row": {"type": "object"}})


def answer_schema() -> Schema:
    """What became of the rows, in the order in which they were sent."""
    from schema.intake import OUTCOMES

    text = {"type": "string"}
    outcome = {"type": "string", "enum": list(OUTCOMES)}
    row = record({"outcome": outcome, "column": text, "reason": text}, optional=("column", "reason"))
    counts = record({name: {"type": "integer", "minimum": 0} for name in OUTCOMES})
    return record({"source": text, "counts": counts, "rows": {"type": "array", "items": row}})


def paths(refusals: dict[str, Any]) -> dict[str, Any]:
    """The route, with what refuses it."""
    sent = {"schema": {"type": "string"}, "examples": {"two": {"value": _SENT}}}
    told = {"schema": {"$ref": "#/components/schemas/Intake"}}
    return {
        PATH: {
            "post": {
                "operationId": "ingest",
                "summary": "Rows of tickets, sent by a portal",
                "description": (
                    "NDJSON, a SentRow a line: rows of the import format. Needs a key that may send "
                    "(`tickets:ingest:create`). Sending rows again changes nothing; a ticket row whose `updated_at` is "
                    "older than the stored one's changes nothing. 429: all writers are busy, nothing was stored."
                ),
                "tags": ["intake"],
                "requestBody": {"required": True, "content": {NDJSON: sent}},
                "responses": {"200": {"description": "What became of each row.", "content": {JSON: told}}, **refusals},
            }
        }
    }
