"""What the routes take, described from the table of parameters and the tables of reports and formats."""

from __future__ import annotations

from typing import Any, Final

from rest_compat.export.body import REPORTS, SEPARATORS
from rest_compat.export.formats import FORMATS
from rest_compat.openapi.answers import Schema
from rest_compat.params import Parameter, parameters_of
from rest_compat.stored import ReportName

_WHOLE: Final = {"type": "integer"}


def query_parameters(report: ReportName) -> list[dict[str, Any]]:
    """The parameters of a GET route."""
    return [_query_parameter(one) for one in parameters_of(report)]


def _query_parameter(one: Parameter) -> dict[str, Any]:
    return {
        "name": one.name,
        "in": "query",
        "description": f"{one.description} Such as `{one.example}`.",
        "required": False,
        **({"style": "form", "explode": True} if one.repeatable else {}),
        "schema": {"type": "array", "items": _value(one), "minItems": 1} if one.repeatable else _value(one),
    }


def _value(one: Parameter) -> Schema:
    """One value of a parameter."""
    schema: Schema = {"type": "string", "enum": list(one.words)} if one.words else dict(one.schema)
    return schema if one.default is None else {**schema, "default": _typed(schema, one.default)}


def _typed(schema: Schema, text: str) -> str | int:
    return int(text) if schema.get("type") == "integer" else text


def export_body() -> Schema:
    """The body of the export; a member that is null counts as left out."""
    named: dict[str, list[Parameter]] = {}
    for one in (one for report in REPORTS.values() for one in parameters_of(report)):
        same = named.setdefault(one.name, [])
        if one not in same:
            same.append(one)
    members = {name: _of_any(*same) for name, same in named.items()}
    own: dict[str, Schema] = {
        "report": {"type": "string", "enum": list(REPORTS)},
        "format": {"type": "string", "enum": list(FORMATS)},
        "locale": {"type": ["string", "null"], "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"},
        "bom": {"type": ["boolean", "null"], "description": "A byte order mark before a csv."},
        "separator": {
            "enum": [*SEPARATORS, None],
            "description": "What separates the cells of a csv; locale: what the locale's spreadsheets expect.",
        },
    }
    return {
        "type": "object",
        "properties": {**own, **members},
        "required": ["report", "format"],
        "additionalProperties": False,
    }


def _of_any(first: Parameter, *others: Parameter) -> Schema:
    """A member that several reports have, each in its own way."""
    if not others:
        return _member(first)
    return {"anyOf": [_member(one) for one in (first, *others)], "description": first.description}


def _member(one: Parameter) -> Schema:
    value = {name: part for name, part in _value(one).items() if name != "default"}
    shapes: list[Schema] = [value]
    if one.repeatable:
        shapes.append({"type": "array", "items": value, "minItems": 1})
    if one.name == "edges":
        shapes.append({"type": "array", "items": {**_WHOLE, "minimum": 0, "maximum": 2**31 - 1}, "minItems": 1})
    shapes.append({"type": "null"})
    return {"anyOf": shapes, "description": one.description}
