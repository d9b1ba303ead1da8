"""How the live sources fare, for whoever asks."""

from __future__ import annotations

from db.sync.status import SOURCES, SourceStatus
from resolvers.loaders import Loaders


async def sources(loaders: Loaders) -> list[SourceStatus]:
    """All of them, by name.

    Raises: TimedOut, Unavailable.
    """
    viewer = loaders.viewer
    async with loaders.engine.snapshot(viewer.scope, loaders.timings.note, viewer.subject) as snapshot:
        return [SourceStatus.of(row) for row in await snapshot.fetch(SOURCES)]
