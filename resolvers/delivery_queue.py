"""What is due, as a worker lets it fall due, takes it, and ends it: each step one transaction of the worker's role."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from db import delivery_queue
from db.access import Viewer
from db.delivery_queue import MAX_ATTEMPTS, PAUSES
from db.engine import Engine
from db.export_jobs import JobFault, viewer_of
from db.holders import SEEN_EVERY
from db.schedules import DeliveryState, cadence_of
from resolvers.export_queue import Lost

_GIVEN_UP: Final = JobFault("UNAVAILABLE", "Each worker that was to deliver it ended midway.")
_ASK: Final = "It may have arrived or not, so it is not sent again unless you say so."
_IN_DOUBT: Final = JobFault("UNAVAILABLE", f"The worker ended while the mail server took it. {_ASK}")
_log: Final = logging.getLogger("deskgraph.deliveries")
_UNSEEN: Final = "The schedule is paused: its owner has not been seen for {} days. It goes on once that is so again."


@dataclass(frozen=True)
class DueReport:
    """A delivery that this worker makes."""

    id: UUID
    schedule: UUID
    viewer: Viewer
    """Whose it is, as last seen."""
    due_at: datetime
    attempts: int
    """With this one."""
    report_name: str
    order: str | None
    format: str
    zone: str
    emails: tuple[str, ...]
    folder: str | None


@dataclass(frozen=True)
class DeliveryQueue:
    """What one worker does with what is due."""

    engine: Engine
    trust: timedelta
    """How long an owner may not have been seen."""
    worker: UUID = field(default_factory=uuid4)

    async def fall_due(self, now: datetime) -> None:
        """Adds what is due. Of what fell due while nobody looked, the latest is delivered.

        What waits for longer than anything can was put off by a clock that was ahead: it waits no longer than others.

        Raises: TimedOut, Unavailable.
        """
        async with self.engine.working() as working:
            await working.fetch(delivery_queue.wait_no_longer(now))
            await working.fetch(delivery_queue.doubt(now, _IN_DOUBT))
            for row in await working.fetch(delivery_queue.too_far(now)):
                cadence = cadence_of(dict(row))
                if row["next_due_at"] > (first := cadence.first_after(now)):
                    _log.warning("a schedule was due at %s; the clock has been set back", row["next_due_at"])
                    await working.fetch(delivery_queue.go_on(row["id"], first, row["paused_since"]))
            for row in await working.fetch(delivery_queue.due(now)):
                cadence, holder = cadence_of(dict(row)), (row["issuer"], row["subject"])
                due_at = cadence.last_until(now)
                seen_at = row["seen_at"]
                unseen = seen_at is None or not now - self.trust <= seen_at <= now + SEEN_EVERY
                if unseen:
                    fault = JobFault("FORBIDDEN", _UNSEEN.format(self.trust.days))
                    await working.fetch(delivery_queue.refuse(row["id"], holder, due_at, fault))
                else:
                    await working.fetch(delivery_queue.fall_due(row["id"], holder, due_at, now))
                paused_since = now if unseen else None
                await working.fetch(delivery_queue.go_on(row["id"], cadence.first_after(now), paused_since))
            await working.fetch(delivery_queue.sweep(now))

    async def take(self, now: datetime) -> DueReport | None:
        """What has waited longest; None where nothing does.

        Raises: TimedOut, Unavailable.
        """
        async with self.engine.working() as working:
            rows = await working.fetch(delivery_queue.take(self.worker, now))
        if not rows:
            return None
        row = rows[0]
        due = DueReport(
            id=row["id"],
            schedule=row["schedule"],
            viewer=viewer_of(dict(row)),
            due_at=row["due_at"],
            attempts=row["attempts"],
            report_name=row["name"],
            order=row["export_order"],
            format=row["format"],
            zone=row["zone"],
            emails=tuple(row["emails"]),
            folder=row["folder"],
        )
        if due.attempts > MAX_ATTEMPTS:
            await self._ended(due, DeliveryState.FAILED, _GIVEN_UP, None)
            return await self.take(now)
        return due

    async def sending(self, due: DueReport) -> None:
        """Notes that it is about to be handed over: from now on nobody sends it again by itself.

        Raises: Lost, where it is another worker's; TimedOut, Unavailable.
        """
        async with self.engine.working() as working:
            if not await working.fetch(delivery_queue.sending(due.id, self.worker)):
                raise Lost

    async def doubted(self, due: DueReport, why: str) -> None:
        """Ends what may have arrived or not: it is not sent again by itself. Raises: TimedOut, Unavailable."""
        await self._ended(due, DeliveryState.UNCERTAIN, JobFault("UNAVAILABLE", f"{why} {_ASK}"), None)

    async def delivered(self, due: DueReport, now: datetime, bytes_: int, file_name: str) -> None:
        """Raises: TimedOut, Unavailable."""
        async with self.engine.working() as working:
            await working.fetch(delivery_queue.delivered(due.id, self.worker, now, bytes_, file_name))

    async def refused(self, due: DueReport, fault: JobFault) -> None:
        """Ends what nobody allows. Raises: TimedOut, Unavailable."""
        await self._ended(due, DeliveryState.REFUSED, fault, None)

    async def failed(self, due: DueReport, fault: JobFault, now: datetime, again: bool) -> None:
        """Lets what failed wait, where it is to be tried again and was not tried too often; else ends it.

        Raises: TimedOut, Unavailable.
        """
        if again and due.attempts < MAX_ATTEMPTS:
            await self._ended(due, DeliveryState.WAITING, fault, now + PAUSES[due.attempts - 1])
        else:
            await self._ended(due, DeliveryState.FAILED, fault, None)

    async def put_back(self, due: DueReport, now: datetime) -> None:
        """Lets another worker take it at once. Raises: TimedOut, Unavailable."""
        await self._ended(due, DeliveryState.WAITING, JobFault("CANCELLED", "The worker was told to end."), now)

    async def _ended(self, due: DueReport, state: DeliveryState, fault: JobFault, again_at: datetime | None) -> None:
        async with self.engine.working() as working:
            await working.fetch(delivery_queue.failed(due.id, self.worker, state, fault, again_at))
