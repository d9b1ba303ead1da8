"""Statements one after the other: while the rows of one are added up, the database answers the next."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from db.metric import PartialKind
from db.rollups.reading import FromFacts
from resolvers.fold import Cells
from resolvers.plan import PlanKey, PlannedQuery

V = TypeVar("V")


async def cells_of(
    planned: Iterable[PlannedQuery], fetch: Callable[[PlannedQuery], Coroutine[Any, Any, list[Any]]]
) -> Mapping[PlanKey, Sequence[Cells]]:
    """What each statement brings. `fetch` has one answered, and is never called before the last one was.

    Raises: what `fetch` raises.
    """
    found: dict[PlanKey, list[Cells]] = {}
    came: list[tuple[PlannedQuery, list[Any]]] = []

    def add_up() -> None:
        for one, rows in came:
            found.setdefault(one.key, []).append(Cells(one, rows))
        came.clear()

    for one in sorted(planned, key=_turn):
        async with _meanwhile(fetch(one)) as coming:
            add_up()
        came.append((one, coming.result()))
    add_up()
    return found


def _turn(planned: PlannedQuery) -> tuple[bool, bool]:
    """When a statement is sent: those that keep their plans first, so that the connection changes its mind once.

    Of these, histograms of groups first: adding them up takes longest, and there is something left to be asked.
    """
    query = planned.query
    is_large = bool(query.dimensions) and query.partials[0].kind is PartialKind.HISTOGRAM
    return isinstance(planned.choice.chosen, FromFacts), not is_large


@asynccontextmanager
async def _meanwhile(work: Coroutine[Any, Any, V]) -> AsyncGenerator[asyncio.Task[V]]:
    """Begins something, and waits for its end behind what is done inside; a fault inside ends it."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.sleep(0)  # it begins
        yield task
        await task
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
