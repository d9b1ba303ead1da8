"""What can be picked in a dimension, page by page: by name, or by pseudonym where the viewer may know no more."""

from __future__ import annotations

from dataclasses import dataclass

from db.directory import Entity
from db.errors import BadInput
from db.pickers import PickerQuery, Position
from db.query import IDENTITIES, Dimension
from resolvers import cursors
from resolvers.loaders import Loaders


@dataclass(frozen=True)
class PickerAsked:
    """Which page of which entities."""

    dimension: Dimension
    search: str | None
    ids: tuple[str, ...] | None
    first: int
    after: str | None


@dataclass(frozen=True)
class PickerPage:
    """One page, how many entities there are in all, and where the next page begins."""

    total: int
    nodes: tuple[Entity, ...]
    next_cursor: str | None


async def page(loaders: Loaders, asked: PickerAsked) -> PickerPage:
    """One page of a dimension's entities, those that the viewer may see.

    Raises: BadInput, for a cursor of another list; Forbidden, for a search where the viewer sees pseudonyms;
    TooComplex, TimedOut, Unavailable.
    """
    viewer = loaders.viewer
    mark = cursors.mark_of((viewer.role, viewer.scope, asked.dimension, asked.search, asked.ids))
    after = _position(asked.after, mark) if asked.after is not None else None
    identity = IDENTITIES.get(asked.dimension)
    if identity is not None and identity not in viewer.capabilities:
        if asked.search is not None or asked.ids is not None:
            viewer.require(identity, f"A search among {asked.dimension.value}s")
        return await _by_pseudonym(loaders, asked, mark, after)
    query = PickerQuery(viewer.scope, asked.dimension, asked.search, asked.ids, asked.first, after)
    found = await loaders.picked(query)
    return PickerPage(found.total, found.entities, _cursor(mark, found.last))


async def _by_pseudonym(loaders: Loaders, asked: PickerAsked, mark: str, after: Position | None) -> PickerPage:
    """A page in the order of the pseudonyms: the order of the names would tell of them."""
    found = await loaders.picked(PickerQuery(loaders.viewer.scope, asked.dimension))
    ordered = sorted(found.entities, key=_place)
    left = [one for one in ordered if after is None or _place(one) > (after.rank, after.id)]
    shown = left[: asked.first]
    last = Position(*_place(shown[-1])) if len(left) > len(shown) else None
    return PickerPage(found.total, tuple(shown), _cursor(mark, last))


def _place(entity: Entity) -> tuple[str, str]:
    return entity.name, entity.id


def _cursor(mark: str, last: Position | None) -> str | None:
    return cursors.written(mark, (last.rank, last.id)) if last else None


def _position(cursor: str, mark: str) -> Position:
    try:
        rank, id_ = cursors.read(cursor, mark)
        if not (isinstance(rank, str) and isinstance(id_, str)):
            raise ValueError
        return Position(rank, id_)
    except ValueError:
        raise BadInput(
            "after: the cursor is not of this list: another search, other ids or another viewer. "
            "Give the `nextCursor` of the same list, or start again without it.",
            parameter="after",
        ) from None
