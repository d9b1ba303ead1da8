"""Documents drawn from a schema: any fields, under aliases, in fragments, more than once, skipped and included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)
from hypothesis import strategies as st

SWITCHES: Final = ("p", "q")
"""The variables that decide what is skipped and included."""


@dataclass(frozen=True)
class Asked:
    """A document with its variables."""

    document: str
    variables: Mapping[str, bool]


@dataclass
class Writer:
    """Draws the parts of one document."""

    draw: st.DrawFn
    arguments: Mapping[str, str]
    """What must be given, by type and field, or by the field alone; the same wherever it stands: so parts can merge."""
    schema: GraphQLSchema
    fragments: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Name to type and text; only of earlier ones is anything spread, so that none is its own part."""
    used: set[str] = field(default_factory=set)
    parts_left: int = 40
    """When they are used up, only leaves follow: validation takes its time over large documents."""

    def selection(self, kind: Any, depth: int) -> str:
        """A selection of a type; of an interface, its own fields and those of one of its types."""
        parts = [self._part(kind, depth) for _ in range(self.draw(st.integers(1, 4)))]
        return "{ " + " ".join(parts) + " }"

    def _part(self, kind: Any, depth: int) -> str:
        self.parts_left -= 1
        if self.parts_left < 0:
            depth = 0
        form = self.draw(st.sampled_from(("field",) * 9 + ("typename", "inline", "fragment", "fragment")))
        if form == "typename":
            return f"{self._alias('__typename')}__typename{self._switch()}"
        if form == "inline" and depth:
            on = self.draw(st.sampled_from(("", f" on {kind.name}")))
            return f"...{on}{self._switch()} {self.selection(kind, depth - 1)}"
        if form == "fragment" and depth:
            return f"...{self._fragment(kind, depth - 1)}{self._switch()}"
        return self._field(kind, depth)

    def _fragment(self, kind: GraphQLNamedType, depth: int) -> str:
        known = [name for name, (on, _) in self.fragments.items() if on == kind.name]
        if known and self.draw(st.booleans()):
            return self.draw(st.sampled_from(known))
        text = self.selection(kind, depth)
        name = f"F{len(self.fragments)}"
        self.fragments[name] = (kind.name, text)
        return name

    def _field(self, kind: Any, depth: int) -> str:
        choices = {
            name: one for name, one in kind.fields.items() if depth > 0 or is_leaf_type(get_named_type(one.type))
        }
        if not choices:
            return f"{self._alias('__typename')}__typename"
        name = self.draw(st.sampled_from(sorted(choices)))
        target = get_named_type(choices[name].type)
        below = "" if is_leaf_type(target) else f" {self.selection(target, depth - 1)}"
        return f"{self._alias(name)}{name}{self._arguments(kind, name, choices[name])}{self._switch()}{below}"

    def _alias(self, name: str) -> str:
        """None, or one that no other field has: what stands twice under one name merges."""
        return self.draw(st.sampled_from(("", "", "", f"{name}_a: ", f"{name}_b: ")))

    def _switch(self) -> str:
        form = self.draw(st.sampled_from(("",) * 9 + ("@skip", "@include", "@include")))
        if not form:
            return ""
        decided = self.draw(st.sampled_from(("true", "false", *(f"${name}" for name in SWITCHES))))
        self.used |= {decided[1:]} & set(SWITCHES)
        return f" {form}(if: {decided})"

    def _arguments(self, kind: Any, name: str, one: GraphQLField) -> str:
        given = self.arguments.get(f"{kind.name}.{name}", self.arguments.get(name))
        if given:
            return f"({given})"
        assert not any(
            isinstance(argument.type, GraphQLNonNull) and argument.default_value is None and not argument.ast_node
            for argument in one.args.values()
            if argument.default is None
        ), f"{kind.name}.{name} needs arguments"
        return ""


@st.composite
def documents(
    draw: st.DrawFn, schema: GraphQLSchema, arguments: Mapping[str, str], depth: int, root: str = ""
) -> Asked:
    """A valid document; with a root, its selection is below that field with its arguments."""
    writer = Writer(draw, arguments, schema)
    kind: Any = schema.query_type
    if root:
        kind = get_named_type(kind.fields[root.partition("(")[0]].type)
    assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
    body = writer.selection(kind, depth)
    body = f"{{ {root} {body} }}" if root else body
    declared = ", ".join(f"${name}: Boolean! = true" for name in sorted(writer.used))
    fragments = " ".join(f"fragment {name} on {on} {text}" for name, (on, text) in writer.fragments.items())
    given = {name: draw(st.booleans()) for name in sorted(writer.used) if draw(st.booleans())}
    return Asked(f"query{f' ({declared})' if declared else ''} {body} {fragments}", given)
