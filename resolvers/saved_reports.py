"""A viewer's saved reports: listed, written and removed, each in one transaction of the viewer's own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from db import saved_reports
from db.errors import ImpossibleInput, NotFound
from db.saved_reports import MAX_REPORTS, Definition, SavedReport, report_of
from resolvers.loaders import Loaders


async def listed(loaders: Loaders) -> list[SavedReport]:
    """The viewer's reports, by name.

    Raises: BadInput, TimedOut, Unavailable.
    """
    async with loaders.engine.keeping(loaders.viewer, loaders.timings.note) as keeping:
        return [report_of(dict(row)) for row in await keeping.fetch(saved_reports.listing(loaders.viewer))]


async def saved(loaders: Loaders, definition: Definition, id_: UUID | None, now: datetime) -> SavedReport:
    """A report as it is kept from now on: a new one, or the one of the id as another.

    Raises: NotFound, for an id of none of the viewer's reports; ImpossibleInput, for a name that another of them has,
    and for one more than there may be; BadInput, TimedOut, Unavailable.
    """
    viewer, key = loaders.viewer, id_ or uuid4()
    async with loaders.engine.keeping(viewer, loaders.timings.note) as keeping:
        await keeping.fetch(saved_reports.locking(viewer))
        (found,) = await keeping.fetch(saved_reports.state(viewer, definition.name, key))
        if id_ is not None and not found["is_there"]:
            raise not_found(str(id_))
        if found["is_taken"]:
            raise ImpossibleInput(
                f"Another of your saved reports is called {definition.name!r}. Give another name, or that one's id.",
                parameter="name",
            )
        if id_ is None and found["reports"] >= MAX_REPORTS:
            raise ImpossibleInput(f"You have {MAX_REPORTS} saved reports, and no more can be kept. Delete one first.")
        write = saved_reports.insert if id_ is None else saved_reports.update
        (row,) = await keeping.fetch(write(viewer, key, definition, now))
    return report_of(dict(row))


async def deleted(loaders: Loaders, id_: UUID) -> None:
    """Returns when the report is there no more.

    Raises: NotFound, for an id of none of the viewer's reports; BadInput, TimedOut, Unavailable.
    """
    async with loaders.engine.keeping(loaders.viewer, loaders.timings.note) as keeping:
        if not await keeping.fetch(saved_reports.removal(loaders.viewer, id_)):
            raise not_found(str(id_))


def not_found(text: str, parameter: str = "id") -> NotFound:
    """The refusal of an id."""
    told = f"None of your saved reports has the id {text[:80]!r}. `savedReports` lists them."
    return NotFound(told, parameter=parameter)
