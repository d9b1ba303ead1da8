"""Exports that workers make, over REST: looked at, cancelled, and fetched, whole or from where a transfer broke off."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from rest_compat.accept import JSON
from rest_compat.export import ranges
from rest_compat.export.ranges import Span, Unsatisfiable
from rest_compat.problems import Kind, Problem
from rest_compat.recording import context_of, recorded, viewer_of
from rest_compat.request_ids import request_id
from schema import export_jobs
from schema.context import RequestContext
from schema.executor import Gateway
from schema.exporting import JOBS, result_url
from schema.public import Capability, Door, ExportJob, JobFile

POLL_SECONDS: Final = 1
_OWN: Final = {"Cache-Control": "private, no-store", "Vary": "Authorization"}


def job_routes(gateway: Gateway) -> list[Route]:
    """The routes of exports that workers make."""

    async def context(request: Request, counted_as: Door) -> RequestContext:
        viewer = await viewer_of(gateway, request, counted_as)
        viewer.require(Capability.EXPORT_CREATE, "An export")
        return context_of(gateway, viewer, request)

    async def get(request: Request) -> Response:
        found = await export_jobs.found(await context(request, Door.REST), request.path_params["id"])
        return answer(request, found, 200)

    async def delete(request: Request) -> Response:
        found = await export_jobs.cancelled(await context(request, Door.REST), request.path_params["id"])
        return answer(request, found, 200)

    async def result(request: Request) -> Response:
        asking = await context(request, Door.EXPORT)
        return _file(request, asking, await export_jobs.found(asking, request.path_params["id"]))

    # One address has one route: else what only the other knows is a 405 of the first. Looking is no export: it is
    # counted as a request like others, since `Retry-After` asks to look again every second.
    by_method = {
        "GET": recorded(gateway, Door.REST, "job", get),
        "DELETE": recorded(gateway, Door.EXPORT, "cancel", delete),
    }

    async def job(request: Request) -> Response:
        return await by_method["DELETE" if request.method == "DELETE" else "GET"](request)

    return [
        Route(f"{JOBS}/{{id}}", job, methods=["GET", "DELETE"], name="export_job"),
        Route(f"{JOBS}/{{id}}/result", recorded(gateway, Door.EXPORT, "result", result), name="export_result"),
    ]


def answer(request: Request, job: ExportJob, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """An export as JSON; while it has not ended, with when to ask again."""
    again = {} if job.state.is_ended else {"Retry-After": str(POLL_SECONDS)}
    further = {**_OWN, "X-Request-Id": request_id(request), **again, **(headers or {})}
    body = b"" if request.method == "HEAD" else orjson.dumps(told(job))
    return Response(body, status, further, JSON)


def told(job: ExportJob) -> dict[str, Any]:
    """An export in public: what GraphQL says of it, with REST's words."""
    progress, fault, file = job.progress, job.fault, job.file
    return {
        "id": str(job.id),
        "report": job.report,
        "format": job.format,
        "state": job.state.value,
        "progress": {
            "rows": progress.rows,
            "total": progress.total,
            "share": progress.share,
            "remainingSeconds": progress.remaining_seconds,
        },
        "error": {"code": fault.code, "message": fault.message} if fault else None,
        "fileName": file.name if file else None,
        "mediaType": file.media_type if file else None,
        "bytes": file.bytes if file else None,
        "createdAt": job.created_at,
        "startedAt": job.started_at,
        "finishedAt": job.finished_at,
        "expiresAt": job.expires_at,
        "resultUrl": result_url(job),
    }


def _file(request: Request, context: RequestContext, job: ExportJob) -> Response:
    """The file, or a part of it.

    Raises: Problem, where there is none yet, and for a range outside of it.
    """
    export_jobs.require_same(context.viewer, job)
    if job.file is None:
        raise Problem(Kind.NOT_FOUND, f"There is no file: the export is {job.state.value}. {JOBS}/{job.id} tells more.")
    tag, size = f'"{job.id}.{job.attempts}"', job.file.bytes
    # Source: RFC 9110, section 13.1.5: a part of another file than the client has is no use.
    same = request.headers.get("if-range", tag) == tag
    try:
        span = ranges.asked(request.headers.get("range") if same else None, size)
    except Unsatisfiable:
        raise Problem(
            Kind.RANGE_NOT_SATISFIABLE,
            f"The file has {size} bytes, and the range none of them.",
            headers={"Content-Range": f"bytes */{size}", "ETag": tag},
        ) from None
    headers = file_headers(job.file, tag, request_id(request))
    whole = Span(0, size - 1)
    headers["Content-Length"] = str((span or whole).bytes)
    if span is not None:
        headers["Content-Range"] = f"bytes {span.first}-{span.last}/{size}"
    status = 200 if span is None else 206
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers)
    return PiecesResponse(
        export_jobs.pieces(context, job.id, (span or whole).first, (span or whole).last), status, headers
    )


def file_headers(file: JobFile, tag: str, id_: str) -> dict[str, str]:
    """What is said of a file."""
    return {
        **_OWN,
        "Content-Type": file.media_type,
        # Source: RFC 6266. The name holds nothing that either form would have to escape.
        "Content-Disposition": f"attachment; filename=\"{file.name}\"; filename*=UTF-8''{file.name}",
        "Accept-Ranges": "bytes",
        "ETag": tag,
        "X-Content-Type-Options": "nosniff",
        "X-Request-Id": id_,
    }


class PiecesResponse(StreamingResponse):
    """A file that is read as it is sent."""

    def __init__(self, pieces: AsyncGenerator[bytes], status: int, headers: Mapping[str, str]) -> None:
        self.pieces = pieces
        super().__init__(pieces, status, headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends it."""
        async with aclosing(self.pieces):
            await super().__call__(scope, receive, send)
