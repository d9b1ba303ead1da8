"""The OpenAPI document: paths, answers and refusals, from the tables that the routes are made from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import orjson

from rest_compat.accept import JSON
from rest_compat.export.formats import FORMATS
from rest_compat.openapi import intake, jobs
from rest_compat.openapi.answers import answer_schema, problem_schema, withheld_schema
from rest_compat.openapi.asked import export_body, query_parameters
from rest_compat.problems import MEDIA_TYPE, Kind
from rest_compat.routes import PREFIX
from rest_compat.stored import ROUTED, ReportName

EXAMPLES: Final = Path(__file__).resolve().with_name("examples.json")
"""Answers of the demo data; `make examples` asks for them anew."""
_OF_BODIES: Final = frozenset({Kind.CONTENT_TOO_LARGE, Kind.UNSUPPORTED_MEDIA_TYPE})
_ELSEWHERE: Final = frozenset({Kind.NOT_FOUND, Kind.NOT_STORED, Kind.METHOD_NOT_ALLOWED, Kind.RANGE_NOT_SATISFIABLE})
"""What refuses another address, method or range than the one described."""
_ROWS: Final = tuple(report for report in ReportName if report not in ROUTED)
"""The reports that are exported only; as JSON they have rows."""
_SUMMARIES: Final[Mapping[ReportName, str]] = {
    ReportName.SUMMARY: "The four key metrics",
    ReportName.PERFORMANCE: "Tickets by status and category; how response and resolution times are distributed",
    ReportName.AGENTS: "A row for each agent, and one for unassigned work",
    ReportName.TRENDS: "Volume and categories by bucket, weekday by hour, forecast and anomalies",
}
_HEADERS: Final[Mapping[str, str]] = {
    "ETag": "Send it back as If-None-Match.",
    "Cache-Control": "private, no-cache: ask each time whether it holds.",
    "Server-Timing": "The request's milliseconds, the database's, and its statements.",
    "X-Request-Id": "The request's name, which the log has.",
}
_WITH_PROBLEM: Final[Mapping[Kind, Mapping[str, str]]] = {
    Kind.UNAUTHENTICATED: {"WWW-Authenticate": "How to prove who asks (RFC 6750)."},
    Kind.RATE_LIMITED: {"Retry-After": "Seconds."},
    Kind.UNAVAILABLE: {"Retry-After": "Seconds."},
}


@cache
def examples() -> dict[str, Any]:
    """What was asked of the demo data and answered, by report; and the export's body and file."""
    found: dict[str, Any] = orjson.loads(EXAMPLES.read_bytes())
    return found


@cache
def document() -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "deskgraph reports",
            "version": version("deskgraph"),
            "summary": "Reports about support tickets, over REST.",
            "description": (
                "Each route is a stored GraphQL document: the numbers are those of GraphQL at `/graphql`. Every answer "
                "is what the token's role and scope allow. Times are of the zone that is asked for, durations are "
                "seconds, null means that a value cannot be known."
            ),
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}],
        "tags": [{"name": "reports"}, {"name": "export"}, {"name": "intake"}],
        "paths": {
            **{f"{PREFIX}/{report.value}": {"get": _report(report)} for report in ROUTED},
            f"{PREFIX}/export": {"post": _export()},
            **intake.paths(_refusals(intake.REFUSED, ())),
            **jobs.paths(_refusals(jobs.REFUSED, ()), {"416": _ref("responses", Kind.RANGE_NOT_SATISFIABLE.name)}),
        },
        "components": {
            "schemas": {
                **{_name(report): answer_schema(report) for report in ROUTED},
                **{_name(report): _rows(report) for report in _ROWS},
                "ExportJob": jobs.job_schema(),
                "SentRow": intake.row_schema(),
                "Intake": intake.answer_schema(),
                "Withheld": withheld_schema(),
                "Problem": problem_schema(),
                "ExportOrder": export_body(),
            },
            "responses": {kind.name: _problem(kind) for kind in Kind},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT or API key"}},
        },
    }


def _name(report: ReportName) -> str:
    return f"{report.value.capitalize()}Answer"


def _ref(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def _report(report: ReportName) -> dict[str, Any]:
    example = examples()[report.value]
    parameters = query_parameters(report)
    for one in parameters:
        if one["name"] in example["asked"]:
            one["examples"] = {"demo": {"value": example["asked"][one["name"]]}}
    return {
        "operationId": report.value,
        "summary": _SUMMARIES[report],
        "tags": ["reports"],
        "parameters": [
            *parameters,
            {"name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"}},
        ],
        "responses": {
            "200": {
                "description": "The report.",
                "headers": _headers(_HEADERS),
                "content": {
                    JSON: {
                        "schema": _ref("schemas", _name(report)),
                        "examples": {"demo": {"value": example["answer"]}},
                    }
                },
            },
            "304": {"description": "What the client has still holds.", "headers": _headers(_HEADERS)},
            **_refusals(kind for kind in Kind if kind not in _OF_BODIES),
        },
    }


def _export() -> dict[str, Any]:
    example = examples()["export"]
    return {
        "operationId": "export",
        "summary": "A report as a file",
        "tags": ["export"],
        "requestBody": {
            "required": True,
            "content": {
                JSON: {"schema": _ref("schemas", "ExportOrder"), "examples": {"demo": {"value": example["asked"]}}}
            },
        },
        "responses": {
            "200": {
                "description": "The file, with the numbers that the same viewer gets from the route.",
                "headers": _headers(
                    {"Content-Disposition": "The file's name.", "X-Request-Id": _HEADERS["X-Request-Id"]}
                ),
                "content": {one.media_type: _file(one.name, example) for one in FORMATS.values()},
            },
            "202": jobs.taken(
                _headers({"Location": "Where the export is looked at.", "X-Request-Id": _HEADERS["X-Request-Id"]})
            ),
            **_refusals(Kind),
        },
    }


def _rows(report: ReportName) -> dict[str, Any]:
    """The JSON of a report that is exported only: the envelope, and rows as the csv has them."""
    cell = {"type": ["string", "number", "boolean", "null"]}
    rows = {"type": "array", "items": {"type": "object", "additionalProperties": cell}}
    part = {"type": "object", "properties": {"total": {"type": "integer"}, "rows": rows}, "required": ["total", "rows"]}
    named = {"report": {"const": report.value}, report.value: part}
    return {"type": "object", "properties": named, "required": list(named)}


def _file(name: str, example: Mapping[str, Any]) -> dict[str, Any]:
    if name == "json":
        return {"schema": {"oneOf": [_ref("schemas", _name(report)) for report in (*ROUTED, *_ROWS)]}}
    shown = {"examples": {"demo": {"value": example["answer"]}}} if name == example["asked"]["format"] else {}
    return {"schema": {"type": "string"}, **shown}


def _headers(texts: Mapping[str, str]) -> dict[str, Any]:
    return {name: {"description": text, "schema": {"type": "string"}} for name, text in texts.items()}


def _refusals(kinds: Iterable[Kind], elsewhere: Collection[Kind] = _ELSEWHERE) -> dict[str, Any]:
    """By status; one that several kinds have tells all of them."""
    by_status: dict[int, list[Kind]] = {}
    for kind in kinds:
        if kind not in elsewhere:
            by_status.setdefault(kind.status, []).append(kind)
    return {
        str(status): _ref("responses", same[0].name) if len(same) == 1 else _problem(*same)
        for status, same in sorted(by_status.items())
    }


def _problem(*kinds: Kind) -> dict[str, Any]:
    headers = {name: text for kind in kinds for name, text in _WITH_PROBLEM.get(kind, {}).items()}
    return {
        "description": "; or: ".join(kind.title for kind in kinds) + ".",
        **({"headers": _headers(headers)} if headers else {}),
        "content": {
            MEDIA_TYPE: {
                "schema": _ref("schemas", "Problem"),
                "examples": {kind.name.lower(): {"value": _shown(kind)} for kind in kinds},
            }
        },
    }


def _shown(kind: Kind) -> dict[str, Any]:
    shown = {
        "type": kind.type,
        "title": kind.title,
        "status": kind.status,
        "detail": "...",
        "code": kind.code,
        "instance": f"{PREFIX}/{ReportName.SUMMARY.value}",
    }
    return {**shown, "id": "9f86d081884c"} if kind is Kind.INTERNAL else shown


def as_json() -> bytes:
    """The document as it is sent."""
    return orjson.dumps(document())
