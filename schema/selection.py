"""Which fields of a result are asked for, before it is computed: by the language's own rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLSkipDirective,
    SelectionNode,
    SelectionSetNode,
    get_directive_values,
)
from strawberry.types import Info

Selection = dict[str, "Selection"]
"""Field name -> what is selected below it; aliases of one field are merged."""


def selected(info: Info[Any, Any]) -> Selection:
    """The fields selected below the one that is being resolved.

    Fields under a type condition count as selected: every type here is concrete.
    """
    raw = info._raw_info
    found: Selection = {}
    for node in raw.field_nodes:
        if node.selection_set:
            _collect(node.selection_set, raw.fragments, raw.variable_values, found)
    return found


def _collect(chosen: SelectionSetNode, fragments: Mapping[str, Any], variables: Any, found: Selection) -> None:
    for node in chosen.selections:
        if not _included(node, variables):
            continue
        if isinstance(node, FieldNode):
            below = found.setdefault(node.name.value, {})
            if node.selection_set:
                _collect(node.selection_set, fragments, variables, below)
        elif isinstance(node, FragmentSpreadNode):
            _collect(fragments[node.name.value].selection_set, fragments, variables, found)
        else:
            _collect(node.selection_set, fragments, variables, found)  # type: ignore[attr-defined]  # the only kind left


def _included(node: SelectionNode, variables: Any) -> bool:
    skip = get_directive_values(GraphQLSkipDirective, node, variables)
    if skip and skip["if"]:
        return False
    include = get_directive_values(GraphQLIncludeDirective, node, variables)
    return include is None or bool(include["if"])
