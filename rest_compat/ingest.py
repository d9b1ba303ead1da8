"""The intake: rows of tickets in, what became of each out. Checked in this order: key, type, size, lines, writing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rest_compat.accept import JSON, require_accepted
from rest_compat.problems import Kind, Problem
from rest_compat.recording import recorded, sender_of
from rest_compat.request_ids import request_id
from schema.executor import Gateway
from schema.public import Door

if TYPE_CHECKING:
    from schema.intake import Pushed, Told, Writing

PATH: Final = "/api/tickets/ingest"
NDJSON: Final = "application/x-ndjson"
_TYPES: Final = (NDJSON, "application/ndjson", "application/jsonl")
_MEMBERS: Final = {"table": str, "row": dict}


@dataclass(frozen=True)
class Intake:
    """Who writes, and how much one request may hold."""

    writers: Writing
    body_bytes: int


def ingest_route(gateway: Gateway, intake: Intake | None) -> Route:
    """The route; without an intake it says so."""

    async def post(request: Request) -> Response:
        _, source = await sender_of(gateway, request)
        if intake is None:
            raise Problem(Kind.NOT_FOUND, "This gateway lets no tickets in: DESKGRAPH_INTAKE_WRITERS is 0.")
        from schema.intake import taken  # what writes loads much, and most gateways only read

        require_accepted(",".join(request.headers.getlist("accept")), [JSON])
        rows = _rows(await _body(request, intake.body_bytes))
        told = await taken(intake.writers, source, rows)
        headers = {"Cache-Control": "no-store", "X-Request-Id": request_id(request)}
        return Response(_answer(source, told), headers=headers, media_type=JSON)

    return Route(PATH, recorded(gateway, Door.REST, "ingest", post), methods=["POST"], name="ingest")


async def _body(request: Request, most: int) -> bytes:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in _TYPES or request.headers.get("content-encoding", "identity") != "identity":
        raise Problem(
            Kind.UNSUPPORTED_MEDIA_TYPE,
            f"The body is not NDJSON. Send `Content-Type: {NDJSON}`, in UTF-8, not compressed.",
            headers={"Accept-Post": NDJSON},
        )
    told = Problem(Kind.CONTENT_TOO_LARGE, f"The body is larger than {most} bytes. Send fewer rows at a time.")
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > most:
        raise told
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise told
    return bytes(body)


def _rows(body: bytes) -> list[Pushed]:
    """The rows, one a line that is not blank.

    Raises: Problem, for the first line that is no row; then none is stored.
    """
    from schema.intake import Pushed

    rows = []
    for number, line in enumerate(body.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            found: Any = orjson.loads(line)
        except orjson.JSONDecodeError as fault:
            raise Problem(Kind.BAD_INPUT, f"Line {number} is not JSON: {fault}. Nothing was stored.") from None
        if not isinstance(found, dict) or found.keys() != _MEMBERS.keys():
            raise Problem(Kind.BAD_INPUT, _misshapen(number))
        if not all(isinstance(found[name], kind) for name, kind in _MEMBERS.items()):
            raise Problem(Kind.BAD_INPUT, _misshapen(number))
        rows.append(Pushed(found["table"], found["row"]))
    return rows


def _misshapen(number: int) -> str:
    example = '{"table": "tickets", "row": {"id": "7", ...}}'
    return f"Line {number} is not a table with its row, such as {example}. Nothing was stored."


def _answer(source: str, told: Sequence[Told]) -> bytes:
    from schema.intake import OUTCOMES

    counted = Counter(one.outcome for one in told)
    rows = [{name: value for name, value in asdict(one).items() if value is not None} for one in told]
    return orjson.dumps({"source": source, "counts": {name: counted[name] for name in OUTCOMES}, "rows": rows})
