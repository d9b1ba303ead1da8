"""What a subscription has at an instant: its document's answer, worked out and kept as a query's is."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from graphql import GraphQLError
from strawberry.types.execution import ExecutionResult

from db.access import Viewer
from db.audit.record import Door, Outcome
from db.errors import DeskgraphError, TimedOut, Unavailable
from schema.answers import Abandon, Answer, Draft, Question, viewer_key
from schema.auditing import Entry
from schema.errors import public_error
from schema.executor import Gateway
from schema.lasting import FOREVER
from schema.operations import moving_names

_DOOR: Final = "live"
"""What answers of subscriptions are kept by, beside those of the doors."""
_OURS: Final = frozenset({Unavailable.code, TimedOut.code, DeskgraphError.code})
"""The codes of faults that pass without the caller's doing."""


@dataclass(frozen=True)
class Asked:
    """A subscription's document, and what was given with it."""

    document: str
    variables: Mapping[str, Any]
    operation: str | None
    further: bytes
    """Operation and variables, in a form that is equal for equal ones."""

    def question(self, viewer: Viewer) -> Question:
        """What equal subscriptions have in common."""
        return Question(viewer_key(viewer), _DOOR, self.document, self.further)


@dataclass(frozen=True)
class Push:
    """An answer as it is told."""

    body: bytes
    """The result, as JSON."""
    entry: Entry
    """What the audit log would have of it."""
    refusal: bytes | None = None
    """The errors, as JSON, where there is no answer, and will be none: then the operation is over."""

    @staticmethod
    def of(result: ExecutionResult, entry: Entry) -> Push:
        """A result as it is told."""
        errors = [error.formatted for error in result.errors or ()]
        told = {"data": result.data, "errors": errors, "extensions": result.extensions}
        body = orjson.dumps({name: part for name, part in told.items() if part or name == "data"})
        is_over = result.data is None and not is_ours(result)
        return Push(body, entry, orjson.dumps(errors) if is_over else None)


@dataclass(frozen=True)
class WorkedOut:
    """A group's answer."""

    push: Push
    essence: bytes
    """Equal for answers that are told apart by nothing but when they were worked out."""
    lasts_seconds: float | None
    """How long the clock leaves it as it is; None: for good."""
    is_ours: bool
    """Whether anything failed that may not the next time."""


async def work_out(gateway: Gateway, viewer: Viewer, asked: Asked) -> WorkedOut:
    """The answer at present: one that is kept, or executed as a query is."""
    if gateway.answers is None:
        return (await _executed(gateway, viewer, asked, None))[0]

    async def make(abandon: Abandon) -> tuple[WorkedOut, Draft | None]:
        return await _executed(gateway, viewer, asked, abandon)

    found = await gateway.answers.get(asked.question(viewer), make)
    if not isinstance(found, Answer):
        return found
    entry = gateway.entry(Door.GRAPHQL, "", "")
    entry.given_again = found.told
    return WorkedOut(Push(found.body, entry), bytes.fromhex(found.tag), _seconds(gateway, found.until), False)


async def _executed(
    gateway: Gateway, viewer: Viewer, asked: Asked, abandon: Abandon | None
) -> tuple[WorkedOut, Draft | None]:
    entry = gateway.entry(Door.GRAPHQL, "", "")
    entry.viewer = viewer
    context = gateway.context(viewer, "", entry)
    context.lasting.on_moving = abandon
    try:
        async with asyncio.timeout(gateway.request_timeout_seconds):
            result = await gateway.execute(asked.document, asked.variables, context, asked.operation)
    except Exception as fault:  # told as any other is: a group goes on
        result = _failed(gateway, fault)
        entry.outcome = Outcome.of(_codes(result.errors or ())[0])
    finally:
        context.loaders.forget()
    push, essence, lasting = Push.of(result, entry), essence_of(asked.document, result), context.lasting
    found = WorkedOut(push, essence, _seconds(gateway, lasting.until), is_ours(result))
    if entry.outcome is not Outcome.OK or entry.withheld:
        return found, None
    return found, Draft(push.body, essence.hex(), lasting, gateway.told(entry))


def _failed(gateway: Gateway, fault: Exception) -> ExecutionResult:
    if isinstance(fault, TimeoutError):
        fault = TimedOut(f"The report took longer than the {gateway.request_timeout_seconds:g} seconds that it may.")
    return ExecutionResult(None, [public_error(GraphQLError(str(fault), original_error=fault))])


def _seconds(gateway: Gateway, until: datetime) -> float | None:
    return None if until == FOREVER else max(0.0, (until - gateway.clock()).total_seconds())


def is_ours(result: ExecutionResult) -> bool:
    """Whether anything failed that may not the next time."""
    return any(code in _OURS for code in _codes(result.errors or ()))


def _codes(errors: Iterable[GraphQLError]) -> list[str]:
    return [str((error.extensions or {}).get("code", "")) for error in errors]


def essence_of(document: str, result: ExecutionResult) -> bytes:
    """A digest of what counts of an answer: its numbers, what failed and why; not when it was worked out."""
    told: Any = result.data
    if told is not None:
        moving = moving_names(document)
        reports = {name: report.items() for name, report in told.items()}
        told = {name: {inner: part for inner, part in found if inner not in moving} for name, found in reports.items()}
    failed = [(error.path, code) for error, code in zip(result.errors or (), _codes(result.errors or ()), strict=True)]
    return hashlib.blake2b(orjson.dumps([told, failed]), digest_size=16).digest()
