"""Finds the store's ids for the source's own, and names for the store's ids: two statements, whatever is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from db import zones
from db.query import Dimension
from db.rollups.coverage import Kept
from db.rollups.days import made_as
from db.statement import Arguments, Statement

TABLES: Final[Mapping[Dimension, str]] = {
    Dimension.CATEGORY: "categories",
    Dimension.TEAM: "teams",
    Dimension.AGENT: "agents",
    Dimension.ORGANIZATION: "organizations",
    Dimension.TAG: "tags",
}
_DIMENSIONS: Final = {dimension.value: dimension for dimension in Dimension}
_ZONE: Final = "rollups of a zone"


class Entity(NamedTuple):
    """A thing with a name, by its source's own id. `active` and `team` are of agents only."""

    id: str
    name: str
    active: bool = True
    team: Entity | None = None


@dataclass(frozen=True)
class Found:
    """What a look-up brought: the store's version, and what is known of the ids asked for."""

    version: int
    ids: Mapping[tuple[Dimension, str], int]
    agents_teams: Mapping[str, int | None]
    """The team of each agent asked for."""
    kept: tuple[Kept, ...] = ()
    """The zones whose rollups may be read."""


def look_up(wanted: Iterable[tuple[Dimension, str]]) -> Statement:
    """The statement that reads the store's version and ready rollups, and finds ids by the source's own."""
    arguments = Arguments()
    parts = [
        "SELECT '' AS dimension, '' AS external_id, version AS id, NULL::int AS team_id FROM deskgraph.data_version",
        f"SELECT '{_ZONE}', made_as || ' ' || zone, id, first_day FROM deskgraph.rollup_zones WHERE is_ready",
    ]
    asked: dict[Dimension, list[str]] = {}
    for dimension, external_id in wanted:
        asked.setdefault(dimension, []).append(external_id)
    for dimension in sorted(asked, key=lambda d: d.value):
        team = "team_id" if dimension is Dimension.AGENT else "NULL::int"
        ids = arguments.bind(sorted(set(asked[dimension])), "text[]")
        parts.append(
            f"SELECT '{dimension.value}', external_id, id, {team}"
            f" FROM deskgraph.{TABLES[dimension]} WHERE external_id = ANY ({ids})"
        )
    return Statement("\nUNION ALL ".join(parts), tuple(arguments.values), planned_once=None)


def found(rows: Iterable[Any]) -> Found:
    """What the statement of `look_up` brought."""
    version, ids, teams, kept = 0, {}, {}, []
    for row in rows:
        if not row["dimension"]:
            version = row["id"]
            continue
        if row["dimension"] == _ZONE:
            how, zone = row["external_id"].split(" ", 1)
            if zones.is_known(zone) and how == made_as(zone):
                kept.append(Kept(row["id"], zones.zone_named(zone), row["team_id"]))
            continue
        dimension = Dimension(row["dimension"])
        ids[dimension, row["external_id"]] = row["id"]
        if dimension is Dimension.AGENT:
            teams[row["external_id"]] = row["team_id"]
    return Found(version, ids, teams, tuple(sorted(kept, key=lambda one: one.id)))


def team_of(agent: str) -> Statement:
    """The statement that brings the team of an agent, by the source's own id; no row where it has none."""
    arguments = Arguments()
    asked = arguments.bind(agent, "text")
    return Statement(
        "SELECT t.external_id, t.name FROM deskgraph.agents AS a JOIN deskgraph.teams AS t ON t.id = a.team_id"
        f" WHERE a.external_id = {asked}",
        tuple(arguments.values),
        planned_once=None,
    )


def names(wanted: Iterable[tuple[Dimension, int]]) -> Statement:
    """The statement that brings the entities of some of the store's ids."""
    arguments = Arguments()
    asked: dict[Dimension, list[int]] = {}
    for dimension, number in wanted:
        asked.setdefault(dimension, []).append(number)
    parts = []
    for dimension in sorted(asked, key=lambda d: d.value):
        ids = arguments.bind(sorted(set(asked[dimension])), "int[]")
        agent = dimension is Dimension.AGENT
        further = (
            "d.active, t.external_id AS team, t.name AS team_name" if agent else "true AS active, NULL AS team, NULL"
        )
        join = " LEFT JOIN deskgraph.teams AS t ON t.id = d.team_id" if agent else ""
        parts.append(
            f"SELECT '{dimension.value}' AS dimension, d.id, d.external_id, d.name, {further}"
            f" FROM deskgraph.{TABLES[dimension]} AS d{join} WHERE d.id = ANY ({ids})"
        )
    return Statement("\nUNION ALL ".join(parts), tuple(arguments.values), planned_once=None)


def named(rows: Iterable[Any]) -> dict[tuple[Dimension, int], Entity]:
    """The entities that the statement of `names` brought."""
    return {
        (_DIMENSIONS[row[0]], row[1]): Entity(row[2], row[3], row[4], Entity(row[5], row[6]) if row[5] else None)
        for row in rows
    }
