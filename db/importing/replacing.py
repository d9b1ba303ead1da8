"""One transaction's replacement carried out: tickets with all that belongs to them, and the rollups of their facts."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from db.importing.session import Session
from db.importing.staging import Batch, Stage
from db.importing.ticket_store import (
    Replacement,
    copy_in,
    keys_of,
    raise_data_version,
    remove,
    take_ticket_ids,
)
from db.rollups.upkeep.deltas import Deltas


@dataclass(frozen=True)
class Replacing:
    """Replaces tickets, in the caller's transactions."""

    session: Session
    stage: Stage
    deltas: Deltas
    prefers_columns: bool
    run_id: int
    """The run that the tickets come by."""

    async def replace(self, batch: Batch, change: Replacement, last_ticket_id: int) -> None:
        """Takes out and puts in what a batch changes, and raises the data version; nothing where it changes nothing."""
        if not change.tickets and not change.facts_of:
            return
        new = len(change.tickets) - len(change.tickets_of)
        await self.deltas.expect(new + len(change.facts_of))
        await self.deltas.leaving(change.facts_of)
        await take_ticket_ids(self.session, last_ticket_id)
        await remove(self.session, change)
        await self._put(batch, change)
        await raise_data_version(self.session)

    async def _put(self, batch: Batch, change: Replacement) -> None:
        """Puts in a batch's tickets and, made while the server is busy with those, all that belongs to them."""
        tickets = self.stage.put_tickets(
            batch, change.tickets, prefers_columns=self.prefers_columns, run_id=self.run_id
        )
        putting = asyncio.ensure_future(tickets)
        try:
            await asyncio.sleep(0)
            change.facts = list(change.facts)
        finally:
            await putting
        await copy_in(self.session, change)
        await self.deltas.arrived(keys_of(change.facts))
