"""The shape of each report's answer as JSON Schema: from its stored document and the public language, as reshaped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    build_schema,
    parse,
)

from rest_compat.params import FILTERS
from rest_compat.problems import Kind
from rest_compat.reshape import FEW
from rest_compat.stored import DOCUMENTS, ReportName
from schema.executor import SCHEMA

Schema = dict[str, Any]
_SCALARS: Final[Mapping[str, Schema]] = {
    "Int": {"type": "integer"},
    "Float": {"type": "number"},
    "String": {"type": "string"},
    "ID": {"type": "string"},
    "Boolean": {"type": "boolean"},
    "DateTime": {"type": "string", "format": "date-time"},
}
_RESHAPED: Final[Mapping[tuple[str, str], Schema]] = {
    ("MetricValue", "count"): {
        "anyOf": [{"type": ["integer", "null"]}, {"const": FEW}],
        "description": f"How many facts the value is of; {FEW!r} where that is withheld as a small group.",
    }
}
"""The fields whose values REST writes otherwise than GraphQL."""


def record(properties: Mapping[str, Schema], optional: tuple[str, ...] = ()) -> Schema:
    """An object with just these members, all there but the optional."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": dict(properties), "required": required, "additionalProperties": False}


def or_null(schema: Schema) -> Schema:
    """The same, or null."""
    kind = schema.get("type")
    if isinstance(kind, str) and "enum" not in schema:
        return {**schema, "type": [kind, "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


@cache
def _language() -> GraphQLSchema:
    return build_schema(SCHEMA.as_str())


class _Document:
    """One stored document, walked beside the language's types."""

    def __init__(self, text: str) -> None:
        definitions = parse(text).definitions
        self._fragments = {one.name.value: one for one in definitions if isinstance(one, FragmentDefinitionNode)}
        (self.operation,) = (one for one in definitions if isinstance(one, OperationDefinitionNode))

    def fields(self, selected: SelectionSetNode) -> Iterator[FieldNode]:
        """The fields that a selection comes to."""
        for one in selected.selections:
            if isinstance(one, FieldNode):
                yield one
            elif isinstance(one, FragmentSpreadNode):
                yield from self.fields(self._fragments[one.name.value].selection_set)
            else:
                raise TypeError(f"a stored document has {one.kind}, which no answer is described from")

    def record(self, selected: SelectionSetNode, of: GraphQLObjectType) -> Schema:
        """The object that a selection of a type gives."""
        return record({_key(one): self._member(one, of) for one in self.fields(selected)})

    def _member(self, node: FieldNode, of: GraphQLObjectType) -> Schema:
        name = node.name.value
        reshaped = _RESHAPED.get((of.name, name))
        if reshaped is not None:
            return reshaped
        found = self._value(of.fields[name].type, node)
        text = of.fields[name].description
        return {**found, "description": " ".join(text.split())} if text else found

    def _value(self, kind: GraphQLOutputType, node: FieldNode) -> Schema:
        if isinstance(kind, GraphQLNonNull):
            return self._known(kind.of_type, node)
        return or_null(self._known(kind, node))

    def _known(self, kind: GraphQLOutputType, node: FieldNode) -> Schema:
        if isinstance(kind, GraphQLList):
            return {"type": "array", "items": self._value(kind.of_type, node)}
        if isinstance(kind, GraphQLEnumType):
            return {"type": "string", "enum": [name.lower() for name in kind.values]}
        if isinstance(kind, GraphQLObjectType) and node.selection_set is not None:
            return self.record(node.selection_set, kind)
        return _SCALARS[str(kind)]


def _key(node: FieldNode) -> str:
    return node.alias.value if node.alias else node.name.value


def answer_schema(report: ReportName) -> Schema:
    """The answer of a report: its envelope, the report, and what was withheld."""
    document = _Document(DOCUMENTS[report])
    (root,) = document.fields(document.operation.selection_set)
    kind = _language().type_map["Report"]
    assert isinstance(kind, GraphQLObjectType)
    assert root.selection_set is not None
    members = document.record(root.selection_set, kind)["properties"]
    comparison = members["comparisons"]["items"]
    return record(
        {
            "report": {"const": report.value},
            "period": members["period"],
            "comparison": or_null(comparison),
            "asOf": members["asOf"],
            "dataVersion": members["dataVersion"],
            "filter": _filter(),
            "attribution": members["attribution"],
            "clock": members["clock"],
            report.value: _there(members[report.value]),
            "withheld": {"type": "array", "items": {"$ref": "#/components/schemas/Withheld"}},
        },
        optional=("withheld",),
    )


def _there(schema: Schema) -> Schema:
    """A report that is answered is there: one that may not be read at all is refused."""
    return {**schema, "type": "object"}


def _filter() -> Schema:
    values = {"type": "array", "items": {"type": "string"}}
    names = {one.name: values for one in FILTERS}
    return {**record(names, tuple(names)), "description": "The filter as it was given, each value once."}


def withheld_schema() -> Schema:
    """A field that is null because the role may not read it."""
    return record({"field": {"type": "string"}, "code": {"const": Kind.FORBIDDEN.code}, "detail": {"type": "string"}})


def problem_schema() -> Schema:
    """RFC 9457 problem details."""
    text = {"type": "string"}
    return record(
        {
            "type": {"type": "string", "format": "uri", "enum": [kind.type for kind in Kind]},
            "title": text,
            "status": {"type": "integer", "enum": sorted({kind.status for kind in Kind})},
            "detail": text,
            "code": {"type": "string", "enum": sorted({kind.code for kind in Kind})},
            "instance": {"type": "string", "description": "The path of the request."},
            "errors": {"type": "array", "items": record({"parameter": text, "message": text})},
            "id": {"type": "string", "description": "Under which the log has what is our fault."},
        },
        optional=("errors", "id"),
    )
