"""How exports are asked for that a worker makes: how an order is checked, when its client need not wait, how long a
file is kept.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from db.access import Viewer
from db.export_jobs import ExportJob, Ordered
from schema.destinations import NOWHERE, Destinations

JOBS: Final = "/api/tickets/reports/export/jobs"
"""Where the exports are that workers make."""

MAX_ROWS_UNSTREAMED: Final = 20_000


class Check(Protocol):
    """Reads an order, which is the body of the export route; as one of another format, where one is named."""

    def __call__(self, body: str, format_: str | None = None) -> Ordered:
        """The order as it is kept. Raises: BadInput."""


class Asker(Protocol):
    """Whoever asks, as far as what is looked up beside that has to know it."""

    @property
    def viewer(self) -> Viewer:
        """Who asks."""

    @property
    def now(self) -> datetime:
        """As of when."""

    @property
    def request_id(self) -> str:
        """In which request."""


@dataclass(frozen=True)
class Exporting:
    """How exports are taken in."""

    check: Check
    rows_at_once: int
    """With more rows than these, an export is made by a worker."""
    keep: timedelta
    """How long a finished file is kept."""
    destinations: Destinations = NOWHERE
    """Where schedules may deliver to."""
    require_room: Callable[[Asker, Ordered], Awaitable[None]] | None = None
    """Refuses what no file of the format can hold. Raises: ImpossibleInput. None: the worker finds it out."""

    def rows_at_once_of(self, streams: bool) -> int:
        """The same, of a format whose file leaves as it is written, or only once it is whole."""
        return self.rows_at_once if streams else min(self.rows_at_once, MAX_ROWS_UNSTREAMED)


def result_url(job: ExportJob) -> str | None:
    """Where the file is, once it is there."""
    return f"{JOBS}/{job.id}/result" if job.file is not None else None
