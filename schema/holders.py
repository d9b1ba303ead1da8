"""What holders are, noted as they are seen: what their schedules may show while they are away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from db import holders
from db.access import Viewer
from db.engine import Engine
from db.errors import DeskgraphError
from db.holders import SEEN_EVERY

MAX_KNOWN: Final = 10_000
"""Holders that a process remembers; the oldest goes first."""
_log = logging.getLogger("deskgraph.holders")


@dataclass
class Holders:
    """Notes whoever proves who it is: only what changed, or once a day, and off the request's path."""

    engine: Engine
    clock: Callable[[], datetime]
    _known: dict[tuple[str | None, str], tuple[Viewer, datetime]] = field(default_factory=dict)
    _writing: set[asyncio.Task[None]] = field(default_factory=set)

    def note(self, viewer: Viewer) -> None:
        """Sees to it that it is known what a viewer is now."""
        key, now = (viewer.issuer, viewer.subject), self.clock()
        known = self._known.get(key)
        if known is not None and known[0] == viewer and timedelta(0) <= now - known[1] < SEEN_EVERY:
            return
        self._known.pop(key, None)
        if len(self._known) >= MAX_KNOWN:
            self._known.pop(next(iter(self._known)))
        self._known[key] = (viewer, now)
        task = asyncio.get_running_loop().create_task(self._write(viewer, now), context=Context())
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _write(self, viewer: Viewer, now: datetime) -> None:
        try:
            async with self.engine.keeping(viewer, lambda *_: None) as keeping:
                await keeping.fetch(holders.note(viewer, now))
        except DeskgraphError as fault:
            self._known.pop((viewer.issuer, viewer.subject), None)  # the next request tries again
            _log.warning("what a holder is was not noted: %s", fault.message)

    async def close(self) -> None:
        """Returns when nothing is being written any more."""
        if self._writing:
            await asyncio.wait(self._writing)
