"""Exports that workers make, in the public language: a viewer's own, from the order to the file's address."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON
from strawberry.types import Info

from db import export_jobs as store
from db.access import Viewer
from db.errors import Forbidden, SetupFault
from db.export_jobs import MAX_LISTED, MAX_WAITING, JobState, Ordered
from resolvers import export_jobs as jobs
from resolvers.export_jobs import not_found
from schema.context import RequestContext
from schema.exporting import Exporting, result_url

strawberry.enum(JobState, name="ExportState", description="How far an export is.")


@strawberry.type(description="How far an export is.")
class ExportProgress:
    """Progress."""

    rows: int = strawberry.field(description="Rows that were read so far.")
    total: int | None = strawberry.field(description="All rows, where that is known beforehand.")
    share: float | None = strawberry.field(description="Rows of all, at most 1.")
    remaining_seconds: int | None = strawberry.field(description="How long the rest takes, if it goes on as it went.")


@strawberry.type(description="Why an export failed.")
class ExportFault:
    """A fault."""

    code: str
    message: str


@strawberry.type(description="An export that a worker makes.")
class ExportJob:
    """An export."""

    id: strawberry.ID
    report: str
    format: str
    state: JobState
    progress: ExportProgress
    error: ExportFault | None
    file_name: str | None
    media_type: str | None
    bytes: float | None = strawberry.field(description="A whole number, which may be larger than an Int.")
    created_at: datetime = strawberry.field(description="UTC; `asOf` of the report.")
    started_at: datetime | None
    finished_at: datetime | None
    expires_at: datetime = strawberry.field(description="When it is removed, with its file.")
    result_url: str | None = strawberry.field(description="Where the file is, once it is there.")


def exporting_of(context: RequestContext) -> Exporting:
    """How exports are taken in.

    Raises: SetupFault, where nobody makes them.
    """
    if context.exporting is None:
        raise SetupFault("No export is made by workers here.")
    return context.exporting


async def added(context: RequestContext, ordered: Ordered) -> store.ExportJob:
    """A new export of the viewer's.

    Raises: TooManyWaiting; SetupFault, BadInput, TimedOut, Unavailable.
    """
    return await jobs.added(context.loaders, ordered, exporting_of(context).keep)


async def found(context: RequestContext, id_: str) -> store.ExportJob:
    """One of the viewer's exports. Raises: NotFound; BadInput, TimedOut, Unavailable."""
    return await jobs.found(context.loaders, key_of(id_))


async def cancelled(context: RequestContext, id_: str) -> store.ExportJob:
    """An export that is ended. Raises: NotFound; BadInput, TimedOut, Unavailable."""
    return await jobs.cancelled(context.loaders, key_of(id_))


def pieces(context: RequestContext, id_: UUID, first: int, last: int) -> AsyncGenerator[bytes]:
    """Bytes of a finished file, both ends included. Raises: NotFound; BadInput, TimedOut, Unavailable."""
    return jobs.pieces(context.loaders, id_, first, last)


def require_same(viewer: Viewer, job: store.ExportJob) -> None:
    """Raises: Forbidden, for who sees other tickets now, or as another role, than when the export was asked for."""
    if (viewer.role, set(viewer.scope.ids)) != (job.viewer.role, set(job.viewer.scope.ids)):
        raise Forbidden("The export was made for another role or scope than your token has now. Ask for it anew.")


def key_of(text: str) -> UUID:
    """The key of an export's id. Raises: NotFound."""
    try:
        return UUID(text)
    except ValueError:
        raise not_found(text) from None


async def export_jobs(self: Any, info: Info[RequestContext, Any]) -> list[ExportJob] | None:
    """The viewer's exports."""
    info.context.lasting.keep_out()
    return [public_job(one) for one in await jobs.listed(info.context.loaders)]


async def export_job(self: Any, info: Info[RequestContext, Any], id: strawberry.ID) -> ExportJob | None:
    """One of them."""
    info.context.lasting.keep_out()
    return public_job(await found(info.context, id))


LISTED = f"The viewer's exports that workers make, the newest {MAX_LISTED}; those that have expired are gone."


@strawberry.type
class ExportMutation:
    """Exports that workers make."""

    @strawberry.mutation(
        description="Has an export made by a worker. The order is what `POST /api/tickets/reports/export` takes: a "
        f"report, a format, the report's parameters. At most {MAX_WAITING} of a viewer's wait; fewer are made at once."
    )
    async def create_export(self, info: Info[RequestContext, Any], order: JSON) -> ExportJob | None:
        """The export, which waits."""
        context = info.context
        context.lasting.keep_out()
        exporting = exporting_of(context)
        ordered = exporting.check(json.dumps(order))
        if exporting.require_room is not None:
            await exporting.require_room(context, ordered)
        if context.entry is not None:
            context.entry.is_export = True
        return public_job(await added(context, ordered))

    @strawberry.mutation(description="Ends one of the viewer's exports; one that has ended stays as it is.")
    async def cancel_export(self, info: Info[RequestContext, Any], id: strawberry.ID) -> ExportJob | None:
        """The export as it is then."""
        info.context.lasting.keep_out()
        return public_job(await cancelled(info.context, id))


def public_job(job: store.ExportJob) -> ExportJob:
    """An export in public."""
    progress, fault, file = job.progress, job.fault, job.file
    return ExportJob(
        id=strawberry.ID(str(job.id)),
        report=job.report,
        format=job.format,
        state=job.state,
        progress=ExportProgress(
            rows=progress.rows,
            total=progress.total,
            share=progress.share,
            remaining_seconds=progress.remaining_seconds,
        ),
        error=ExportFault(code=fault.code, message=fault.message) if fault else None,
        file_name=file.name if file else None,
        media_type=file.media_type if file else None,
        bytes=float(file.bytes) if file else None,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        expires_at=job.expires_at,
        result_url=result_url(job),
    )
