"""How things that reports are grouped by are named in public."""

from __future__ import annotations

import strawberry

from db.directory import Entity
from resolvers.rows import RowKey
from schema.enums import GroupBy


@strawberry.type(description="A thing with a name, by its source's own id.")
class Named:
    """A category, a team or an organization."""

    id: strawberry.ID
    name: str


@strawberry.type(description="A person who answers tickets.")
class AgentRef:
    """An agent; by pseudonym, where the viewer may not know who it is."""

    id: strawberry.ID
    name: str
    active: bool = strawberry.field(description="false for one who left; the history stays.")
    team: Named | None


def named(entity: Entity | None) -> Named | None:
    """An entity in public."""
    return Named(id=strawberry.ID(entity.id), name=entity.name) if entity else None


def agent_ref(entity: Entity | None) -> AgentRef | None:
    """An agent in public."""
    if entity is None:
        return None
    return AgentRef(id=strawberry.ID(entity.id), name=entity.name, active=entity.active, team=named(entity.team))


@strawberry.type(name="RowKey", description="One of the keys that a row is grouped by.")
class PublicKey:
    """A key; id and label are null where the dimension is unset."""

    dimension: GroupBy
    id: strawberry.ID | None
    label: str | None
    start: str | None = strawberry.field(description="Of time: the bucket's first instant, a date from day up.")


def public_key(key: RowKey) -> PublicKey:
    """A row's key in public."""
    dimension = GroupBy(key.dimension.value) if key.dimension else GroupBy.TIME
    return PublicKey(
        dimension=dimension, id=strawberry.ID(key.id) if key.id is not None else None, label=key.label, start=key.start
    )
