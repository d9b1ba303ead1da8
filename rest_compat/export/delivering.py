"""What a worker does for schedules: lets them fall due, makes each report for its owner as last seen, and delivers it.

What the owner's role, or the settings, do not allow is refused and noted; what goes wrong is tried again, after ever
longer pauses, and noted too.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import tempfile
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Final
from zoneinfo import ZoneInfo

from rest_compat.export.body import order_of
from rest_compat.export.content import Content
from rest_compat.export.formats import file_name
from rest_compat.export.mailing import Mailbox, MailPartlyTaken, MailRefused, Message
from rest_compat.export.making import content_of
from rest_compat.export.ordering import ordered
from rest_compat.export.working import away, fault_of
from rest_compat.problems import Kind, Problem
from rest_compat.recording import unattended
from schema.destinations import Destinations
from schema.executor import Gateway
from schema.public import CallerFault, DeliveryQueue, DueReport, JobFault

LOOK_SECONDS: Final = 1.0
ATTEMPT_SECONDS: Final = 240.0
"""Less than the lease."""
MAX_MAIL_BYTES: Final = 20 * 2**20
_SPOOLED_BYTES: Final = 2**20
_NO_ORDER: Final = Problem(Kind.IMPOSSIBLE_INPUT, "The saved report keeps no order any more. Save it with one.")
_NO_MAIL: Final = Problem(Kind.FORBIDDEN, "E-mail is off: no DESKGRAPH_SMTP_HOST is set.")
_TOO_LARGE: Final = Problem(
    Kind.CONTENT_TOO_LARGE, "The file is larger than 20 MiB. Ask for less, or have it put into a folder."
)
_log = logging.getLogger("deskgraph.deliveries")


@dataclass(frozen=True)
class Delivering:
    """What deliveries need."""

    gateway: Gateway
    queue: DeliveryQueue
    destinations: Destinations
    mailbox: Mailbox | None
    """None: no e-mail is sent."""
    clock: Callable[[], datetime]


async def deliver(delivering: Delivering) -> None:
    """Delivers what is due, until it is cancelled."""
    while True:
        with away():
            await deliver_due(delivering)
        await asyncio.sleep(LOOK_SECONDS)


async def deliver_due(delivering: Delivering) -> None:
    """Returns once nothing is due any more.

    Raises: TimedOut, Unavailable, where what became of a delivery cannot be kept.
    """
    queue = delivering.queue
    await queue.fall_due(delivering.clock())
    while (due := await queue.take(delivering.clock())) is not None:
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                size, name = await _delivered(delivering, due)
        except asyncio.CancelledError:
            await asyncio.shield(queue.put_back(due, delivering.clock()))
            raise
        except Exception as error:
            await _undelivered(delivering, due, error)
        else:
            await queue.delivered(due, delivering.clock(), size, name)


async def _undelivered(delivering: Delivering, due: DueReport, error: Exception) -> None:
    queue, now = delivering.queue, delivering.clock()
    if isinstance(error, MailRefused | OSError | TimeoutError):
        told = str(error) or f"It took longer than {ATTEMPT_SECONDS:.0f} seconds."
        _log.warning("delivery %s failed: %s", due.id, told)
        await queue.failed(due, JobFault("UNAVAILABLE", told), now, again=True)
        return
    if isinstance(error, MailPartlyTaken):
        await queue.failed(due, JobFault("UNAVAILABLE", str(error)), now, again=False)
        return
    fault = fault_of(due.id, error)
    if fault.code == "FORBIDDEN":
        await queue.refused(due, fault)
        return
    callers = isinstance(error, CallerFault) or (isinstance(error, Problem) and error.kind.status < 500)
    await queue.failed(due, fault, now, again=not callers)


async def _delivered(delivering: Delivering, due: DueReport) -> tuple[int, str]:
    """How large the file is, and its name, once it has arrived."""
    if due.order is None:
        raise _NO_ORDER
    order = order_of(ordered(due.order, due.format).body.encode())
    folder = _allowed(delivering.destinations, due)
    operation = f"{order.asked.report.value}.{due.format}"
    async with unattended(delivering.gateway, due.viewer, operation, due.due_at) as context:
        content = await content_of(delivering.gateway, context, order)
        name = file_name(content, order.format.name)
        with tempfile.SpooledTemporaryFile(_SPOOLED_BYTES) as file:
            async with aclosing(order.format.write(content, order.options)) as pieces:
                async for piece in pieces:
                    file.write(piece)
            size = file.tell()
            file.seek(0)
            if folder is not None:
                name = f"{due.due_at:%Y%m%dT%H%MZ}-{str(due.schedule)[:8]}-{name}"
                await asyncio.to_thread(_put, file, folder, name)
            else:
                await _send(delivering, due, content, file, name, order.format.media_type)
    return size, name


def _allowed(destinations: Destinations, due: DueReport) -> Path | None:
    """The folder to deliver to; None where it is e-mail. What was allowed once may not be any more.

    Raises: Forbidden.
    """
    for address in due.emails:
        destinations.check_email(address)
    return destinations.check_folder(due.folder) if due.folder is not None else None


def _put(file: IO[bytes], folder: Path, name: str) -> None:
    """Writes the file under another name, and gives it its own once it is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{secrets.token_hex(8)}.part"
    try:
        with part.open("xb") as out:
            while piece := file.read(_SPOOLED_BYTES):
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        part.replace(folder / name)
    finally:
        part.unlink(missing_ok=True)


async def _send(
    delivering: Delivering, due: DueReport, content: Content, file: IO[bytes], name: str, media_type: str
) -> None:
    if delivering.mailbox is None:
        raise _NO_MAIL
    body = file.read(MAX_MAIL_BYTES + 1)
    if len(body) > MAX_MAIL_BYTES:
        raise _TOO_LARGE
    local = due.due_at.astimezone(ZoneInfo(due.zone))
    lines = [f"{due.report_name}, {local:%Y-%m-%d %H:%M} ({due.zone})", "", content.title]
    lines += [f"{label}: {text}" for label, text in content.cover]
    message = Message(
        id=str(due.id),
        to=due.emails,
        subject=f"{due.report_name}, {local:%Y-%m-%d}",
        text="\n".join(lines) + "\n",
        file_name=name,
        media_type=media_type,
        body=body,
    )
    await delivering.mailbox.send(message)
