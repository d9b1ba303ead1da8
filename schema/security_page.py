"""Prints docs/security.md with its generated part renewed: the roles, their capabilities, and what each opens."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from graphql import GraphQLObjectType

from db.access import MATRIX, REALMS, Capability, Realm, Role
from schema.executor import SCHEMA
from schema.permissions import further

BEGIN: Final = "<!-- generated: do not edit from here -->"
END: Final = "<!-- generated: to here -->"
_ROWS: Final = {
    Realm.ALL: "all",
    Realm.TEAMS: "of the own teams",
    Realm.SELF: "credited to oneself",
    Realm.ORGANIZATION: "of the own organization",
}


def renewed(page: str) -> str:
    """The page with its generated part as it is now.

    Raises: ValueError, for a page without the two marks.
    """
    before, mark, rest = page.partition(BEGIN)
    _, second, after = rest.partition(END)
    if not (mark and second):
        raise ValueError(f"the page has not both {BEGIN!r} and {END!r}")
    return "\n".join([before + BEGIN, "", *_tables(), "", END]) + after


def _tables() -> Iterator[str]:
    yield "| capability | " + " | ".join(role.value for role in Role) + " | opens |"
    yield "|---|" + "---|" * (len(Role) + 1)
    rows = " | ".join(_ROWS[REALMS[role]] for role in Role)
    yield f"| *rows seen* | {rows} | |"
    for capability in Capability:
        has = " | ".join("yes" if capability in MATRIX[role] else "no" for role in Role)
        yield f"| `{capability.value}` | {has} | {', '.join(_opened(capability)) or '-'} |"


def _opened(capability: Capability) -> Iterator[str]:
    """The fields at which it is decided: those that need it where their type does not."""
    for kind in SCHEMA._schema.type_map.values():
        if not isinstance(kind, GraphQLObjectType) or kind.name.startswith("__"):
            continue
        own = [name for name in kind.fields if capability in further(kind.name, name)]
        if own and "tickets" in own and kind.name != "Query":
            own.remove("tickets")
        if len(own) > 4 and len(own) == sum(1 for name in kind.fields if further(kind.name, name)):
            yield f"`{kind.name}.*`"
        else:
            yield from (f"`{kind.name}.{name}`" for name in own)
    if capability is Capability.TICKET_DETAIL_READ:
        yield "every `tickets`"
    if (elsewhere := _ELSEWHERE.get(capability)) is not None:
        yield elsewhere


_ELSEWHERE: Final = {
    Capability.CSAT_AGENT_READ: "ratings by agent; `tickets` behind ratings, for those who see agents",
    Capability.AGENTS_READ: "grouping by agent",
    Capability.AGENT_IDENTITY_READ: "agents' names and ids, else pseudonyms; filters by agent; search",
    Capability.ORGANIZATION_IDENTITY_READ: "organizations' names and ids, else pseudonyms; filters by organization",
    Capability.EXPORT_CREATE: "`POST /api/tickets/reports/export`",
    Capability.ADHOC_RUN: "documents of one's own at `/graphql`, introspection included",
}
"""What is decided beside fields."""

if __name__ == "__main__":
    sys.stdout.write(renewed(Path("docs/security.md").read_text("utf-8")))
