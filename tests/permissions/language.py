"""The whole language as documents: for every field of the SDL one that reads it, made from the SDL alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    is_leaf_type,
)

from tests.conftest import ROOT

SDL: Final[Path] = ROOT / "schema" / "schema.graphql"
GIVEN_BY_NAME: Final = {"time": '"08:00"', "timezone": '"UTC"'}
"""Texts that must be given, by the name of the argument."""
GIVEN: Final = {
    "PeriodInput": '{since: "2026-03-01", until: "2026-04-01"}',
    "Grain": "MONTH",
    "Dimension": "[CATEGORY]",
    "ID": '"00000000-0000-0000-0000-000000000000"',
}
"""Arguments that must be given, by the name of their type; of other enums, the first value."""


def sdl() -> GraphQLSchema:
    """The committed language."""
    return build_schema(SDL.read_text("utf-8"))


@dataclass(frozen=True)
class Reading:
    """A field, and the way to it from the root."""

    type_name: str
    field_name: str
    steps: tuple[str, ...]
    """Each field on the way, with its arguments; the last is the field itself."""
    needs: frozenset[str]
    """What the fields on the way need, all together."""
    below: str

    @property
    def document(self) -> str:
        """The document that reads it alone."""
        return "{ " + " { ".join(self.steps) + self.below + " }" * len(self.steps)

    @property
    def path(self) -> tuple[str, ...]:
        """The names on the way."""
        return tuple(step.split("(")[0] for step in self.steps)


def needs(schema: GraphQLSchema, field: GraphQLField) -> frozenset[str]:
    """The capabilities that a field's directive names."""
    node = field.ast_node
    assert node is not None
    found: set[str] = set()
    for directive in node.directives or ():
        assert directive.name.value == "requiresPermission"
        found |= {value.value for value in directive.arguments[0].value.values}  # type: ignore[attr-defined]
    return frozenset(found)


def readings(schema: GraphQLSchema) -> Iterator[Reading]:
    """One for every field of every type that can be reached, by the shortest way."""
    assert schema.query_type is not None
    todo: deque[tuple[GraphQLObjectType, tuple[str, ...], frozenset[str]]] = deque()
    todo.append((schema.query_type, (), frozenset()))
    seen = {schema.query_type.name}
    while todo:
        kind, steps, needed = todo.popleft()
        for name, field in kind.fields.items():
            here = (*steps, name + _arguments(field))
            all_needed = needed | needs(schema, field)
            target = get_named_type(field.type)
            below = "" if is_leaf_type(target) else " { __typename }"
            yield Reading(kind.name, name, here, all_needed, below)
            if isinstance(target, GraphQLObjectType) and target.name not in seen:
                seen.add(target.name)
                todo.append((target, here, all_needed))


def data_types(schema: GraphQLSchema) -> set[str]:
    """Every type of the language's own that has fields to read."""
    return {
        kind.name
        for kind in schema.type_map.values()
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__")
    }


def _arguments(field: GraphQLField) -> str:
    given = [
        f"{name}: {GIVEN_BY_NAME.get(name) or _value(argument)}"
        for name, argument in field.args.items()
        if isinstance(argument.type, GraphQLNonNull) and _is_open(argument)
    ]
    return f"({', '.join(given)})" if given else ""


def _is_open(argument: GraphQLArgument) -> bool:
    """Whether it has no default."""
    return argument.ast_node is not None and argument.ast_node.default_value is None


def _value(argument: GraphQLArgument) -> str:
    kind = get_named_type(argument.type)
    if kind.name in GIVEN:
        return GIVEN[kind.name]
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    assert isinstance(kind, GraphQLScalarType)
    raise AssertionError(f"no value is known for an argument of type {argument.type}")
