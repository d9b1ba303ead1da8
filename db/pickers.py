"""What can be picked in a dimension: a page of its entities, those that the viewer may see; pure.

An entity is found by any part of its name or id, whatever the case: no sign of the text means anything else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from db.access import Realm, Scope
from db.directory import TABLES, Entity
from db.query import Dimension
from db.statement import Arguments, Statement

_ITSELF: Final = "d.external_id = ANY ({})"
_OF_TEAM: Final = "t.external_id = ANY ({})"
_TEAM_OF: Final = (
    "d.id IN (SELECT t.id FROM deskgraph.teams AS t JOIN deskgraph.agents AS a ON a.team_id = t.id"
    " WHERE a.external_id = ANY ({}))"
)
_NONE: Final = "false"
_OWN: Final[Mapping[Dimension, Mapping[Realm, str]]] = {
    Dimension.AGENT: {Realm.TEAMS: _OF_TEAM, Realm.SELF: _ITSELF, Realm.ORGANIZATION: _NONE},
    Dimension.TEAM: {Realm.TEAMS: _ITSELF, Realm.SELF: _TEAM_OF, Realm.ORGANIZATION: _NONE},
    Dimension.ORGANIZATION: {Realm.ORGANIZATION: _ITSELF},
    Dimension.CATEGORY: {},
    Dimension.TAG: {},
}
"""Which of a dimension's entities a realm opens, by the realm's ids; all, where nothing is said."""


@dataclass(frozen=True)
class Position:
    """A place in the order: by name, whatever its case, then by id."""

    rank: str
    id: str


@dataclass(frozen=True)
class PickerQuery:
    """A page of a dimension's entities. Without a scope it cannot be made."""

    scope: Scope
    dimension: Dimension
    search: str | None = None
    ids: tuple[str, ...] | None = None
    """Only these, where they are given."""
    first: int | None = None
    """None: all there are."""
    after: Position | None = None


@dataclass(frozen=True)
class Picked:
    """How many entities there are in all, those of the page in their order, and whether a page follows."""

    total: int
    entities: tuple[Entity, ...]
    last: Position | None
    """Where the page ends; None where none follows."""


def compile_picker(query: PickerQuery) -> Statement:
    """The statement that brings the page, and one entity more where there is one."""
    arguments = Arguments()
    agent = query.dimension is Dimension.AGENT
    further = "d.active, t.external_id AS team, t.name AS team_name" if agent else "true AS active, NULL AS team, NULL"
    join = " LEFT JOIN deskgraph.teams AS t ON t.id = d.team_id" if agent else ""
    where = " AND ".join(_conditions(query, arguments)) or "true"
    after, limit = "", ""
    if query.after is not None:
        rank, id_ = (arguments.bind(text, "text") for text in (query.after.rank, query.after.id))
        after = f" WHERE (rank, external_id) > ({rank}, {id_})"
    if query.first is not None:
        limit = f" LIMIT {arguments.bind(query.first + 1, 'int')}"
    return Statement(
        'WITH found AS MATERIALIZED (\n  SELECT d.external_id COLLATE "C" AS external_id, d.name,'
        f' lower(d.name) COLLATE "C" AS rank, {further}\n'
        f"  FROM deskgraph.{TABLES[query.dimension]} AS d{join}\n  WHERE {where}),\n"
        "counted AS MATERIALIZED (SELECT count(*) AS total FROM found),\n"
        f"page AS MATERIALIZED (SELECT * FROM found{after} ORDER BY rank, external_id{limit})\n"
        "SELECT counted.total, page.*\nFROM counted\nLEFT JOIN page ON true\nORDER BY rank, external_id",
        tuple(arguments.values),
        planned_once=None,
    )


def _conditions(query: PickerQuery, arguments: Arguments) -> list[str]:
    found = []
    own = _OWN[query.dimension].get(query.scope.realm)
    if own is not None:
        found.append(own.format(arguments.bind(list(query.scope.ids), "text[]")) if own != _NONE else own)
    if query.ids is not None:
        found.append(_ITSELF.format(arguments.bind(list(query.ids), "text[]")))
    if query.search is not None:
        text = arguments.bind(query.search, "text")
        found.append(f"(strpos(lower(d.name), lower({text})) > 0 OR strpos(lower(d.external_id), lower({text})) > 0)")
    return found


def picked(query: PickerQuery, rows: Sequence[Any]) -> Picked:
    """What the statement of a query brought."""
    there = [row for row in rows if row[1] is not None]
    shown = there[: query.first]
    last = Position(shown[-1]["rank"], shown[-1][1]) if len(there) > len(shown) else None
    entities = tuple(Entity(row[1], row[2], row[4], Entity(row[5], row[6]) if row[5] else None) for row in shown)
    return Picked(rows[0]["total"], entities, last)
