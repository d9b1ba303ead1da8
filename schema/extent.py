"""How large a document is once its fragments are spread; decided before it is validated.

Each definition is looked at once, and a fragment is added up once, however often it is spread: linear in the text.
TRICKY: validating takes the square of some of these numbers, and a library's rule that follows every spread takes 2^n
steps for n fragments that each spread the next one twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from db.errors import TooComplex


@dataclass(frozen=True)
class Extent:
    """What is counted of a selection, fragments spread."""

    depth: int = 0
    """Fields within fields."""
    fields: int = 0
    aliases: int = 0
    repeats: int = 0
    """Fields that are selected again beside themselves."""
    directives: int = 0
    spreads: int = 0

    def beside(self, other: Extent, deeper: int = 0) -> Extent:
        """Both, the other so much deeper."""
        return Extent(
            max(self.depth, other.depth + deeper if other.fields else 0),
            self.fields + other.fields,
            self.aliases + other.aliases,
            self.repeats + other.repeats,
            self.directives + other.directives,
            self.spreads + other.spreads,
        )


ALLOWED: Final = Extent(depth=20, fields=3_000, aliases=200, repeats=100, directives=500, spreads=300)
"""Introspection by a tool asks for 15 levels and a hundred fields; the web UI's largest page for 90 fields."""
MAX_FRAGMENTS: Final = 200
"""The most definitions of fragments in one document."""


@dataclass
class Own:
    """What a definition has of its own, and the fragments that it spreads, with the depth at which."""

    extent: Extent = Extent()
    spreads: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Parts:
    """A document's definitions."""

    operations: list[Own]
    fragments: dict[str, Own]


def require_moderate(parts: Parts) -> None:
    """Raises: TooComplex, for a document with more than is allowed of anything."""
    if len(parts.fragments) > MAX_FRAGMENTS:
        raise _too_much("fragments", len(parts.fragments), MAX_FRAGMENTS)
    spread = _spread(parts.fragments)
    for operation in parts.operations:
        _require(_whole(operation, spread))


def parts_of(document: DocumentNode) -> Parts:
    """The definitions of a document that has been parsed; schema.scan reads them from a text."""
    found = Parts([], {})
    for one in document.definitions:
        if isinstance(one, FragmentDefinitionNode):
            found.fragments[one.name.value] = _own(one.selection_set, len(one.directives or ()))
        elif isinstance(one, OperationDefinitionNode):
            of_variables = sum(len(variable.directives or ()) for variable in one.variable_definitions or ())
            directives = len(one.directives or ()) + of_variables
            found.operations.append(_own(one.selection_set, directives))
    return found


def _require(extent: Extent) -> None:
    for name, allowed in vars(ALLOWED).items():
        if (asked := getattr(extent, name)) > allowed:
            raise _too_much(name, asked, allowed)


def _too_much(name: str, asked: int, allowed: int) -> TooComplex:
    counted = str(asked) if asked < 10**9 else "more than 10^9"
    return TooComplex(
        f"The document has {name} {counted}, fragments spread; allowed are {allowed}. {_ADVICE[name]}",
    )


_SPLIT: Final = "Ask for less, or in several requests."
_ADVICE: Final[Mapping[str, str]] = {
    "depth": "Nest fewer fields within each other.",
    "fields": _SPLIT,
    "aliases": _SPLIT,
    "repeats": "Select each field once in a selection.",
    "directives": "Leave out what is not needed instead of skipping it.",
    "spreads": "Spread fewer fragments, or write the fields out.",
    "fragments": "Define fewer fragments, or write the fields out.",
}


def _own(selection: SelectionSetNode, directives: int) -> Own:
    """What stands in a definition itself."""
    found = Own(Extent(directives=directives))
    below = [(selection, 1)]
    while below:
        here, depth = below.pop()
        names: set[str] = set()
        fields = aliases = repeats = directives = spreads = 0
        for node in here.selections:
            directives += len(node.directives or ())
            if isinstance(node, FieldNode):
                name = (node.alias or node.name).value
                fields += 1
                aliases += node.alias is not None
                repeats += name in names
                names.add(name)
                if node.selection_set is not None:
                    below.append((node.selection_set, depth + 1))
            elif isinstance(node, FragmentSpreadNode):
                spreads += 1
                found.spreads.append((node.name.value, depth - 1))
            else:
                spreads += 1
                below.append((node.selection_set, depth))  # type: ignore[attr-defined]  # an inline fragment
        here_extent = Extent(depth if fields else 0, fields, aliases, repeats, directives, spreads)
        found.extent = found.extent.beside(here_extent)
    return found


def _spread(owns: Mapping[str, Own]) -> Mapping[str, Extent]:
    """The fragments with all that they spread; one that spreads itself is left for validation to tell of."""
    return dict(_in_order(owns))


def _in_order(owns: Mapping[str, Own]) -> Iterator[tuple[str, Extent]]:
    done: dict[str, Extent] = {}
    begun: set[str] = set()
    waiting = list(owns)
    while waiting:
        name = waiting[-1]
        if name not in begun:
            begun.add(name)
            waiting += {one: None for one, _ in owns[name].spreads if one in owns and one not in begun}
            continue
        waiting.pop()
        if name not in done:
            done[name] = _whole(owns[name], done)
            yield name, done[name]


def _whole(own: Own, spread: Mapping[str, Extent]) -> Extent:
    found = own.extent
    for name, depth in own.spreads:
        found = found.beside(spread.get(name, Extent()), depth)
    return found
