"""The exports that workers make, described: their shape, and the routes where they are looked at."""

from __future__ import annotations

from typing import Any, Final

from rest_compat.accept import JSON
from rest_compat.export.formats import FORMATS
from rest_compat.openapi.answers import Schema
from rest_compat.problems import Kind
from schema.exporting import JOBS
from schema.public import JobState

_TEXT: Final[Schema] = {"type": ["string", "null"]}
_COUNT: Final[Schema] = {"type": ["integer", "null"], "minimum": 0}
_INSTANT: Final[Schema] = {"type": ["string", "null"], "format": "date-time"}
_JOB: Final[Schema] = {"$ref": "#/components/schemas/ExportJob"}
REFUSED: Final = frozenset(Kind) - {
    *(Kind.NOT_STORED, Kind.METHOD_NOT_ALLOWED, Kind.CONTENT_TOO_LARGE, Kind.UNSUPPORTED_MEDIA_TYPE),
    *(Kind.BAD_INPUT, Kind.TOO_COMPLEX, Kind.IMPOSSIBLE_INPUT, Kind.NOT_ACCEPTABLE, Kind.RANGE_NOT_SATISFIABLE),
}
"""What these routes answer besides; the file's has ranges, too."""


def _object(**members: Schema) -> Schema:
    return {"type": "object", "properties": members, "required": list(members), "additionalProperties": False}


def job_schema() -> Schema:
    """An export that a worker makes."""
    error = _object(code={"type": "string"}, message={"type": "string"})
    return _object(
        id={"type": "string", "format": "uuid"},
        report={"type": "string"},
        format={"type": "string", "enum": list(FORMATS)},
        state={"type": "string", "enum": [state.value for state in JobState]},
        progress=_object(rows=_COUNT, total=_COUNT, share={"type": ["number", "null"]}, remainingSeconds=_COUNT),
        error={"anyOf": [error, {"type": "null"}]},
        fileName=_TEXT,
        mediaType=_TEXT,
        bytes=_COUNT,
        createdAt=_INSTANT,
        startedAt=_INSTANT,
        finishedAt=_INSTANT,
        expiresAt=_INSTANT,
        resultUrl=_TEXT,
    )


def taken(headers: dict[str, Any]) -> dict[str, Any]:
    """The answer to an order that a worker carries out."""
    return {
        "description": "A worker makes the file: of many rows, or with `Prefer: respond-async`.",
        "headers": headers,
        "content": {JSON: {"schema": _JOB}},
    }


def paths(refusals: dict[str, Any], unsatisfiable: dict[str, Any]) -> dict[str, Any]:
    """The routes, with what refuses them."""
    id_ = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    looked_at = {"description": "The export as it is now.", "content": {JSON: {"schema": _JOB}}}
    file = {one.media_type: {"schema": {"type": "string"}} for one in FORMATS.values()}
    common = {"tags": ["export"], "parameters": [id_]}
    from_where = {"name": "Range", "in": "header", "required": False, "schema": {"type": "string"}}
    return {
        f"{JOBS}/{{id}}": {
            "get": {
                **common,
                "operationId": "exportJob",
                "summary": "How far an export is",
                "responses": {"200": looked_at, **refusals},
            },
            "delete": {
                **common,
                "operationId": "cancelExport",
                "summary": "Cancel an export, or remove its file",
                "responses": {"200": looked_at, **refusals},
            },
        },
        f"{JOBS}/{{id}}/result": {
            "get": {
                **common,
                "operationId": "exportResult",
                "summary": "The file of an export",
                "parameters": [id_, from_where],
                "responses": {
                    "200": {"description": "The file.", "content": file},
                    "206": {"description": "The part of it that was asked for.", "content": file},
                    **refusals,
                    **unsatisfiable,
                },
            }
        },
    }
