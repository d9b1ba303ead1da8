"""Which fields of a result are asked for, before it is computed: by the language's own rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    get_directive_values,
    get_named_type,
)
from graphql.execution.values import VariableValues
from strawberry.types import Info

from schema.context import RequestContext
from schema.permissions import further

Selection = dict[str, "Selection"]
"""Field name -> what is selected below it; aliases of one field are merged."""


def selected(info: Info[RequestContext, Any]) -> Selection:
    """The fields selected below the one that is being resolved, without those that the viewer may not read.

    What is withheld is told at its path. Fields under a type condition count as selected: every type here is concrete.
    """
    raw = info._raw_info
    # TRICKY: strawberry hands the bare values, which graphql-core's own functions cannot read.
    coerced: Any = raw.variable_values
    collector = _Collector(info.context, raw.fragments, VariableValues({}, coerced))
    found: Selection = {}
    for node in raw.field_nodes:
        if node.selection_set:
            collector.collect(node.selection_set, get_named_type(raw.return_type), tuple(raw.path.as_list()), found)
    return found


@dataclass(frozen=True)
class _Collector:
    """What selections of one operation share."""

    context: RequestContext
    fragments: Mapping[str, Any]
    variables: VariableValues

    def collect(self, chosen: SelectionSetNode, kind: Any, path: tuple[str | int, ...], found: Selection) -> None:
        for node in chosen.selections:
            if not _included(node, self.variables):
                continue
            if isinstance(node, FieldNode):
                self._field(node, kind, path, found)
            elif isinstance(node, FragmentSpreadNode):
                self.collect(self.fragments[node.name.value].selection_set, kind, path, found)
            else:
                assert isinstance(node, InlineFragmentNode)
                self.collect(node.selection_set, kind, path, found)

    def _field(self, node: FieldNode, kind: Any, path: tuple[str | int, ...], found: Selection) -> None:
        name = node.name.value
        field = kind.fields.get(name)
        if field is None:  # __typename
            return
        here = (*path, node.alias.value if node.alias else name)
        if not self.context.may(further(kind.name, name), here, name):
            return
        below = found.setdefault(name, {})
        if node.selection_set:
            self.collect(node.selection_set, get_named_type(field.type), here, below)


def _included(node: SelectionNode, variables: VariableValues) -> bool:
    skip = get_directive_values(GraphQLSkipDirective, node, variables)
    if skip and skip["if"]:
        return False
    include = get_directive_values(GraphQLIncludeDirective, node, variables)
    return include is None or bool(include["if"])
