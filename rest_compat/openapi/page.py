"""Prints docs/rest_reference.md: the description of the routes (`/openapi.json`) as a page."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from rest_compat.openapi.answers import Schema
from rest_compat.openapi.document import document
from rest_compat.problems import Kind
from rest_compat.routes import PREFIX
from rest_compat.stored import ROUTED

_HEAD: Final = """# REST reference

Made from what the routes themselves are made from, as `/openapi.json` is (`make format`). How they are used, with
examples to try: [REST](rest.md). Every request needs `Authorization: Bearer` with a token or an API key
([identity](identity.md)); what each role may read: [security](security.md).
"""
_TYPES: Final[Mapping[str, str]] = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "object",
    "null": "null",
}
_CAPABILITIES: Final = re.compile(r"\s*Requires [a-z:, ]+\.$")
_SHAPES: Final = ("Withheld", "Problem", "ExportOrder", "ExportJob", "SentRow", "Intake")
"""The shapes that have a heading of their own; those of the reports stand at their routes."""


def page() -> str:
    """The page."""
    return "\n".join(_lines(document())) + "\n"


def _lines(described: Mapping[str, Any]) -> Iterator[str]:
    yield _HEAD
    schemas, paths = described["components"]["schemas"], described["paths"]
    answers = {report.value: schemas[f"{report.value.capitalize()}Answer"]["properties"] for report in ROUTED}
    asked = [_asked(paths[f"{PREFIX}/{report.value}"]["get"]) for report in ROUTED]
    common = [one for one in asked[0] if all(one in parameters for parameters in asked)]
    first, *others = answers.values()
    envelope = {name: part for name, part in first.items() if all(other.get(name) == part for other in others)}

    yield from _section("Parameters of every report", "", _parameters(common))
    yield from _section("Members of every report's answer", "", _members(envelope))
    for path, operations in paths.items():
        for method, one in operations.items():
            yield from _operation(f"{method.upper()} {path}", one, common, answers.get(one["operationId"], {}))
    yield "## Shapes\n"
    for name in _SHAPES:
        yield from _section(name, "", _members(schemas[name]["properties"], schemas[name].get("required")), "###")
    yield from _section(
        "Refusals", "`application/problem+json`, RFC 9457; the shape is a [Problem](#problem).", _refusals()
    )


def _asked(operation: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The parameters, without their examples."""
    return [{name: part for name, part in one.items() if name != "examples"} for one in operation.get("parameters", ())]


def _section(title: str, text: str, table: Iterable[str], level: str = "##") -> Iterator[str]:
    yield f"{level} {title}\n"
    if text:
        yield f"{text}\n"
    yield "\n".join(table) + "\n"


def _operation(
    title: str, one: Mapping[str, Any], common: list[Mapping[str, Any]], answer: Mapping[str, Schema]
) -> Iterator[str]:
    yield f"## {title}\n"
    yield f"{one['summary']}.\n"
    if "description" in one:
        yield f"{one['description']}\n"
    parameters = _asked(one)
    own = [parameter for parameter in parameters if parameter not in common]
    if own:
        beside = " Beside [those of every report](#parameters-of-every-report):" if len(own) < len(parameters) else ""
        yield f"Parameters.{beside}\n"
        yield "\n".join(_parameters(own)) + "\n"
    if "requestBody" in one:
        yield f"Body: {_content(one['requestBody']['content'])}.\n"
    yield "\n".join(_answers(one["responses"])) + "\n"
    report = {name: part for name, part in answer.items() if name == one["operationId"]}
    if report:
        yield "The report, beside [the members of every answer](#members-of-every-reports-answer):\n"
        yield "\n".join(_members(report)) + "\n"


def _parameters(found: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield "| parameter | value | unless given | what |"
    yield "|---|---|---|---|"
    for one in found:
        schema, where = one["schema"], "" if one["in"] == "query" else f" ({one['in']})"
        value = _words(schema["items"]) + ", repeatable" if schema.get("type") == "array" else _words(schema)
        unless = f"`{schema['default']}`" if "default" in schema else ""
        yield f"| `{one['name']}`{where} | {value} | {unless} | {_cell(one.get('description', ''))} |"


def _answers(responses: Mapping[str, Any]) -> Iterator[str]:
    yield "| status | what |"
    yield "|---|---|"
    refused = []
    for status, one in responses.items():
        if int(status) >= 400:
            refused.append(status)
        else:
            told = f"; {_content(one['content'])}" if "content" in one else ""
            yield f"| {status} | {_cell(one['description']).rstrip('.')}{told} |"
    yield f"| {', '.join(sorted(refused))} | [refused](#refusals) |"


def _content(content: Mapping[str, Any]) -> str:
    return ", ".join(f"`{kind}`{_shape(one.get('schema', {}))}" for kind, one in content.items())


def _shape(schema: Schema) -> str:
    name = str(schema.get("$ref", "")).rsplit("/", 1)[-1]
    return f" ([{name}](#{name.lower()}))" if name in _SHAPES else ""


def _members(properties: Mapping[str, Schema], required: list[str] | None = None) -> Iterator[str]:
    yield "| member | value | what |"
    yield "|---|---|---|"
    for path, schema in _flat("", properties):
        must = ", required" if required is not None and path in required and len(required) < len(properties) else ""
        yield f"| `{path}` | {_words(schema)}{must} | {_cell(schema.get('description', ''))} |"


def _flat(before: str, properties: Mapping[str, Schema]) -> Iterator[tuple[str, Schema]]:
    """Every member with its path; `[]` stands for each element of a list."""
    for name, schema in properties.items():
        path, held = f"{before}{name}", schema
        yield path, schema
        while held.get("type") == "array" or "array" in held.get("type", ()):
            path, held = f"{path}[]", held["items"]
        for one in (held, *held.get("anyOf", ())):
            yield from _flat(f"{path}.", one.get("properties", {}))


def _words(schema: Schema) -> str:
    """What a value is, in a few words."""
    if "$ref" in schema:
        return _shape(schema)[2:-1] or str(schema["$ref"]).rsplit("/", 1)[-1]
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join("null" if word is None else f"`{_cell(str(word))}`" for word in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_words(one) for one in schema["anyOf"]))
    kinds = schema.get("type", "object")
    return " or ".join(_plain(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds))


def _plain(kind: str, schema: Schema) -> str:
    if kind == "array":
        return f"list of {_words(schema['items'])}"
    if kind == "string" and schema.get("format") == "date-time":
        return "instant"
    least, most = schema.get("minimum"), schema.get("maximum")
    if kind == "integer" and least is not None and most is not None:
        return f"{least} to {most}"
    return _TYPES[kind]


def _cell(text: str) -> str:
    """A text in a table, without the capabilities that each field of a report repeats."""
    text = _CAPABILITIES.sub("", text)
    return text.replace("|", "\\|").replace("\t", "\\t").replace("\n", " ")


def _refusals() -> Iterator[str]:
    yield "| status | code | type | title |"
    yield "|---|---|---|---|"
    for kind in sorted(Kind, key=lambda kind: kind.status):
        yield f"| {kind.status} | {kind.code} | `{kind.type}` | {kind.title} |"


if __name__ == "__main__":
    sys.stdout.write(page())
