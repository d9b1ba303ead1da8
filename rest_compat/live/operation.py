"""One operation whose answers go on: begun as a request is, recorded before its first answer leaves and at its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass, field, replace

from rest_compat.posed import Posed
from rest_compat.problems import Kind, Problem
from rest_compat.recording import operation_context
from rest_compat.stored import document_of
from schema.auditing import Entry
from schema.executor import Gateway
from schema.live import Live, Subscriber
from schema.operations import OperationType, kind_of
from schema.public import BadInput, Outcome, TimedOut, Unavailable
from schema.pushes import Asked, Push


@dataclass
class Operation:
    """An operation that was begun."""

    gateway: Gateway
    entry: Entry
    """Of its beginning; its outcome is that of the first answer."""
    first: Push
    subscriber: Subscriber | None = None
    """Where more may follow."""
    was_ended: bool = False
    """Whether the server ended it, and not who asked."""
    _last: Entry | None = field(default=None)

    async def pushes(self) -> AsyncGenerator[Push]:
        """Its answers, until there are no more."""
        yield self.first
        while self.subscriber is not None:
            push = await self.subscriber.next()
            if push is None:
                self.was_ended = True
                return
            self._note(push)
            yield push
            if push.refusal is not None:
                return

    def _note(self, push: Push) -> None:
        """Gathers what was told after the first answer."""
        if self._last is None:
            self._last = replace(self.entry, rows=0, withheld={}, timings=[], outcome=Outcome.OK)
        rows = self._last.rows
        self._last.take(push.entry)
        told = push.entry.given_again
        self._last.rows = rows + (told.rows if told is not None else push.entry.rows)

    async def close(self, outcome: Outcome = Outcome.OK) -> None:
        """Ends it, and records what was told since its beginning; why it ended, where that is worth telling."""
        if self.subscriber is None:
            return
        self.subscriber.close()
        self.subscriber = None
        last = self._last or (
            replace(self.entry, rows=0, withheld={}, timings=[]) if outcome is not Outcome.OK else None
        )
        if last is not None:
            last.at = self.gateway.clock()
            if outcome is not Outcome.OK:
                last.outcome = outcome
            with suppress(Unavailable):  # what was told has left already, and the log will say that it was away
                await self.gateway.record(last)


async def begin(gateway: Gateway, live: Live | None, entry: Entry, asked: Posed) -> Operation:
    """An operation of a viewer who is proven, with its first answer.

    Raises: Forbidden, NotStored, BadInput; TooManyOpen, Unavailable; TimedOut.
    """
    assert entry.viewer is not None
    document = document_of(asked.query, asked.extensions, entry.viewer)
    if document is None:
        raise BadInput("There is no `query`, nor a hash of a stored one in `extensions.persistedQuery`.")
    if kind_of(document, asked.operation_name) is not OperationType.SUBSCRIPTION:
        return Operation(gateway, entry, await _executed(gateway, entry, document, asked))
    if live is None:
        raise Problem(Kind.NOT_ACCEPTABLE, "Nothing can be subscribed to here.")
    subscriber = live.subscribe(entry.viewer, Asked(document, asked.variables, asked.operation_name, asked.further))
    try:
        first = await subscriber.next()
        if first is None:
            raise Unavailable("The server ends. Subscribe again; another takes its place.")
        entry.take(first.entry)
    except BaseException:
        subscriber.close()
        raise
    if first.refusal is not None:
        subscriber.close()
        return Operation(gateway, entry, first)
    return Operation(gateway, entry, first, subscriber)


async def _executed(gateway: Gateway, entry: Entry, document: str, asked: Posed) -> Push:
    """The one answer of a query or a mutation."""
    context = operation_context(gateway, entry)
    seconds = gateway.request_timeout_seconds
    try:
        async with asyncio.timeout(seconds):
            result = await gateway.execute(document, asked.variables, context, asked.operation_name)
    except TimeoutError as fault:
        raise TimedOut(f"The operation took longer than the {seconds:g} seconds that it may. Ask for less.") from fault
    finally:
        context.loaders.forget()
    return Push.of(result, entry)
