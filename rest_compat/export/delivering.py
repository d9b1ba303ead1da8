"""What a worker does for schedules: lets them fall due, makes each report for its owner as last seen, and delivers it.

What the owner's role, or the settings, do not allow is refused and noted; what goes wrong is tried again, after ever
longer pauses, and noted too. A mail is noted as being sent before the mail server can have any of it: where nobody
knows what became of it then, its owner is asked before it is sent again.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO, Final
from zoneinfo import ZoneInfo

from rest_compat.export.body import order_of
from rest_compat.export.content import Content
from rest_compat.export.formats import file_name
from rest_compat.export.mailing import Mailbox, MailInDoubt, MailPartlyTaken, MailRefused, Message
from rest_compat.export.making import content_of
from rest_compat.export.ordering import ordered
from rest_compat.export.working import away, fault_of
from rest_compat.problems import Kind, Problem
from rest_compat.recording import unattended
from schema.destinations import Destinations
from schema.executor import Gateway
from schema.public import CallerFault, DeliveryQueue, DueReport, JobFault, Lost, UpstreamFault

LOOK_SECONDS: Final = 1.0
ATTEMPT_SECONDS: Final = 240.0
"""With the time to note what became of it, less than the lease."""
_NOTING_SECONDS: Final = 45.0
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


@dataclass
class _Attempt:
    """One attempt of a delivery."""

    queue: DeliveryQueue
    due: DueReport
    is_handed_over: bool = False
    """Whether the mail server may have it."""

    async def hand_over(self) -> None:
        """Raises: Lost, TimedOut, Unavailable."""
        await self.queue.sending(self.due)
        self.is_handed_over = True


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
        attempt = _Attempt(queue, due)
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                size, name = await _delivered(delivering, due, attempt.hand_over)
        except asyncio.CancelledError:
            await asyncio.shield(_ended(delivering, attempt))
            raise
        except Lost:
            _log.warning("delivery %s is another worker's", due.id)
        except Exception as error:
            await _undelivered(delivering, attempt, error)
        else:
            await _noted(partial(queue.delivered, due, delivering.clock(), size, name))


async def _noted(note: Callable[[], Awaitable[None]]) -> None:
    """Notes what has arrived, even where the database has to come back first.

    Raises: UpstreamFault, where it does not for long.
    """
    until = asyncio.get_running_loop().time() + _NOTING_SECONDS
    while True:
        try:
            return await note()
        except UpstreamFault:
            if asyncio.get_running_loop().time() > until:
                raise
        await asyncio.sleep(LOOK_SECONDS)


async def _ended(delivering: Delivering, attempt: _Attempt) -> None:
    """Lets another worker take what this one was told to leave."""
    if attempt.is_handed_over:
        await attempt.queue.doubted(attempt.due, "The worker was told to end while the mail server took it.")
    else:
        await attempt.queue.put_back(attempt.due, delivering.clock())


async def _undelivered(delivering: Delivering, attempt: _Attempt, error: Exception) -> None:
    queue, due, now = delivering.queue, attempt.due, delivering.clock()
    if isinstance(error, MailInDoubt) or (attempt.is_handed_over and isinstance(error, TimeoutError)):
        told = str(error) or "The mail server did not answer in time."
        _log.warning("delivery %s may have arrived or not: %s", due.id, told)
        await queue.doubted(due, told)
        return
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


async def _delivered(
    delivering: Delivering, due: DueReport, before_mail: Callable[[], Awaitable[None]]
) -> tuple[int, str]:
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
                mailbox, message = _mail(delivering, due, content, file, name, order.format.media_type)
                await mailbox.send(message, before_mail)
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


def _mail(
    delivering: Delivering, due: DueReport, content: Content, file: IO[bytes], name: str, media_type: str
) -> tuple[Mailbox, Message]:
    """Raises: Problem."""
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
    return delivering.mailbox, message
