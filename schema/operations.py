"""What a document says of its operation before it is executed."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from graphql import FieldNode, GraphQLError, OperationType, Visitor, get_operation_ast, visit

from schema.reading import read

__all__ = ["OperationType", "kind_of", "moving_names"]

_MOVING: Final = frozenset({"asOf", "dataVersion"})
"""The fields that say when a report was worked out, of no type but it."""


@lru_cache(maxsize=200)
def kind_of(document: str, operation: str | None) -> OperationType | None:
    """Whether it queries, mutates or subscribes; None where its execution tells what is wrong with it."""
    try:
        found = get_operation_ast(read(document), operation)
    except GraphQLError:
        return None
    return found.operation if found is not None else None


@lru_cache(maxsize=200)
def moving_names(document: str) -> frozenset[str]:
    """What a valid document's answer calls that which says when a report was worked out."""
    names = _Names()
    visit(read(document), names)
    return frozenset(names.found)


class _Names(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        if node.name.value in _MOVING:
            self.found.add((node.alias or node.name).value)
