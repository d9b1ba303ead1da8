"""Variables without personal data: what is kept is listed here, by its place in the language; all else is replaced.

Kept: words of enums, numbers, truth values; times, zones, words of fixed dimensions, ids of categories and teams.
Ids that may be a person, a client or a label become a mark by a key, the same for the same id; other texts are dropped.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from graphql import (
    ArgumentNode,
    FieldNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    ValueNode,
    VariableNode,
    Visitor,
    visit,
)

from db.errors import BadInput
from db.query import ENTITIES, WORDS, Dimension
from db.zones import zone_named
from schema.reading import read

REDACTED: Final = "<redacted>"
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_LARGEST: Final = 2**31
_NUMBERS: Final[Mapping[str, tuple[type, ...]]] = {"Boolean": (bool,), "Int": (int,), "Float": (int, float)}


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_zone(text: str) -> bool:
    try:
        zone_named(text)
    except BadInput:
        return False
    return True


def _is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def _is_word_of(dimension: Dimension) -> Callable[[str], bool]:
    words = frozenset(word.word for word in WORDS[dimension])
    return words.__contains__


KEPT: Final[Mapping[str, Callable[[str], bool]]] = {
    "PeriodInput.since": _is_time,
    "PeriodInput.until": _is_time,
    "Query.report.timezone": _is_zone,
    "Query.tickets.timezone": _is_zone,
    "Subscription.reportChanged.timezone": _is_zone,
    "Query.auditLog.since": _is_time,
    "Query.auditLog.until": _is_time,
    "TicketFilter.priority": _is_word_of(Dimension.PRIORITY),
    "TicketFilter.channel": _is_word_of(Dimension.CHANNEL),
    "TicketFilter.status": _is_word_of(Dimension.STATUS),
    "TicketFilter.category": _is_id,
    "TicketFilter.team": _is_id,
}
"""The places whose texts are kept, each with what a text must be."""
MARKED: Final = frozenset(f"TicketFilter.{dimension.value}" for dimension in ENTITIES)
"""The places whose ids become marks where they are not kept."""


@dataclass(frozen=True)
class Use:
    """Where a variable stands: the type that is wanted there, and the place by name."""

    type: GraphQLInputType
    place: str


@dataclass(frozen=True)
class Shape:
    """What a document says of itself: its operation's name, and where its variables stand."""

    operation: str = ""
    uses: Mapping[str, tuple[Use, ...]] = field(default_factory=dict)
    """Of every variable that the operation declares."""


@dataclass(frozen=True)
class Document:
    """A document as it was sent, with the language it is read by."""

    language: GraphQLSchema
    text: str
    operation_name: str | None

    @property
    def hash(self) -> str:
        """SHA-256 of the text, in hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache(maxsize=200)
def shape_of(document: Document) -> Shape:
    """What a document says of itself; nothing, where it cannot be read."""
    try:
        tree = read(document.text)
    except GraphQLError:
        return Shape()
    operations = [one for one in tree.definitions if isinstance(one, OperationDefinitionNode)]
    named = [one for one in operations if not document.operation_name or _name(one) == document.operation_name]
    if len(named) != 1:
        return Shape()
    declared = [one.variable.name.value for one in named[0].variable_definitions or ()]
    if not declared:
        return Shape(_name(named[0]))
    types = TypeInfo(document.language)
    found = _Uses(types)
    visit(tree, TypeInfoVisitor(types, found))
    return Shape(_name(named[0]), {name: tuple(found.uses.get(name, ())) for name in declared})


def _name(operation: OperationDefinitionNode) -> str:
    return operation.name.value if operation.name else ""


class _Uses(Visitor):
    """Gathers where variables stand in a document."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types = types
        self.uses: dict[str, list[Use]] = {}

    def enter_argument(self, node: ArgumentNode, _: Any, __: Any, ___: Any, ancestors: Sequence[Any]) -> None:
        """Notes the variables in an argument of a field; those of directives are all Boolean."""
        argument, parent = self.types.get_argument(), self.types.get_parent_type()
        field_node = next((one for one in reversed(ancestors) if not isinstance(one, tuple | list)), None)
        name = f"{field_node.name.value}." if isinstance(field_node, FieldNode) else "@"
        if argument is not None:
            place = f"{parent.name if parent else ''}.{name}{node.name.value}"
            for variable, use in _variables(node.value, Use(argument.type, place)):
                self.uses.setdefault(variable, []).append(use)


def _variables(node: ValueNode, use: Use) -> Iterator[tuple[str, Use]]:
    if isinstance(node, VariableNode):
        yield node.name.value, use
        return
    bare = _bare(use.type)
    if isinstance(node, ListValueNode):
        inner = bare.of_type if isinstance(bare, GraphQLList) else bare
        for one in node.values:
            yield from _variables(one, Use(inner, use.place))
    elif isinstance(node, ObjectValueNode):
        inner = bare.of_type if isinstance(bare, GraphQLList) else bare
        for part in node.fields:
            below = _below(Use(_bare(inner), use.place), part.name.value)
            if below is not None:
                yield from _variables(part.value, below)


def _bare(type_: Any) -> Any:
    return type_.of_type if isinstance(type_, GraphQLNonNull) else type_


def _below(use: Use, name: str) -> Use | None:
    """The place of an input object's field; conditions on a dimension stand for the dimension."""
    if not isinstance(use.type, GraphQLInputObjectType) or name not in use.type.fields:
        return None
    place = use.place if use.type.name == "IdFilter" else f"{use.type.name}.{name}"
    return Use(use.type.fields[name].type, place)


@dataclass(frozen=True)
class Redaction:
    """Replaces what may be personal."""

    key: bytes = field(repr=False)

    def variables(self, shape: Shape, given: Mapping[str, Any]) -> dict[str, Any]:
        """The declared variables that were given; what was not declared is dropped, name and all."""
        return {name: self._agreed(uses, given[name]) for name, uses in shape.uses.items() if name in given}

    def _agreed(self, uses: Sequence[Use], value: Any) -> Any:
        """What all uses of a variable make of it; where they differ, or there is none, it is dropped."""
        found = [self._plain(use, value) for use in uses]
        return found[0] if found and all(one == found[0] for one in found) else REDACTED

    def _plain(self, use: Use, value: Any) -> Any:
        type_ = _bare(use.type)
        if value is None:
            return None
        if isinstance(type_, GraphQLList):
            below = Use(type_.of_type, use.place)
            return [self._plain(below, one) for one in value] if isinstance(value, list) else self._plain(below, value)
        if isinstance(type_, GraphQLInputObjectType):
            return self._object(Use(type_, use.place), value)
        if isinstance(type_, GraphQLEnumType):
            return value if isinstance(value, str) and value in type_.values else REDACTED
        assert isinstance(type_, GraphQLScalarType)
        if type_.name in _NUMBERS:
            is_number = type(value) in _NUMBERS[type_.name] and abs(value) < _LARGEST
            return value if is_number else REDACTED
        return self._text(use.place, value)

    def _object(self, use: Use, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return REDACTED
        below = {name: _below(use, name) for name in value if isinstance(name, str)}
        return {name: self._plain(one, value[name]) for name, one in below.items() if one is not None}

    def _text(self, place: str, value: Any) -> str:
        is_kept = KEPT.get(place)
        if isinstance(value, str) and is_kept is not None and is_kept(value):
            return value
        return self.mark(place, str(value)) if place in MARKED and isinstance(value, str | int) else REDACTED

    def mark(self, place: str, text: str) -> str:
        """What stands for an id: the same for the same id, and not to be turned back without the key."""
        code = hmac.new(self.key, f"{place}:{text}".encode("utf-8", "surrogatepass"), hashlib.sha256)
        return f"<{place.partition('.')[2]} {code.hexdigest()[:16]}>"
