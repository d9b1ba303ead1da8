"""What one request gathers for the audit log while it is answered, and when it must be recorded."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any, Final

from graphql import GraphQLError, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

from db.access import Viewer
from db.audit.log import AuditLog
from db.audit.record import AuditMode, Door, Outcome, Record
from db.errors import DeskgraphError, Unavailable
from resolvers.loaders import Timings
from schema.redaction import Document, Redaction, shape_of

_PARTED: Final = (dict, list)
"""What an answer is made of besides plain values."""


@dataclass(frozen=True)
class Executed:
    """A document that was executed for a request."""

    document: Document
    variables: Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """What the audit log has of an answer: the same whenever it is given again."""

    operation: str = ""
    document_hash: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    """Without personal data."""
    rows: int = 0


@dataclass
class Entry:
    """One request, as far as it is known."""

    door: Door
    operation: str
    """By its door's name; of GraphQL, empty: the document names it."""
    request_id: str
    at: datetime
    started: float = field(default_factory=time.perf_counter)
    viewer: Viewer | None = None
    refused: DeskgraphError | None = None
    """Why it is not known who asks."""
    executed: Executed | None = None
    given_again: Told | None = None
    """Of an answer that was kept: nothing was executed for it."""
    is_export: bool = False
    """Whether an export was asked for, through whichever door."""
    outcome: Outcome = Outcome.OK
    rows: int = 0
    withheld: dict[str, None] = field(default_factory=dict)
    timings: list[Timings] = field(default_factory=list)

    def note(self, executed: Executed, data: Any, errors: Iterable[GraphQLError]) -> None:
        """Takes in a result. Of a document that is executed page by page, the first page's variables stay."""
        if self.executed is None or self.executed.document != executed.document:
            self.executed = executed
        self.rows += elements(data)
        codes = []
        for error in errors:
            code = str((error.extensions or {}).get("code", Outcome.INTERNAL.value))
            codes.append(code)
            if code == Outcome.FORBIDDEN.value:
                self.withheld[_path(error.path or (), executed.document.language)] = None
        if codes and self.outcome is Outcome.OK:
            self.outcome = Outcome.FORBIDDEN if self.withheld else Outcome.of(codes[0])

    def take(self, other: Entry) -> None:
        """Takes in what another has of the same answer; what that took is told by the first who does."""
        self.executed, self.given_again, self.outcome = other.executed, other.given_again, other.outcome
        self.rows, self.withheld = other.rows, dict(other.withheld)
        self.timings += other.timings
        other.timings = []

    @property
    def is_denied(self) -> bool:
        """Whether anything was refused to the one who asked."""
        return self.outcome is Outcome.FORBIDDEN or bool(self.withheld)


def elements(data: Any) -> int:
    """The elements of all lists in an answer."""
    found, below = 0, [data]
    while below:
        lists = [part for part in below if type(part) is list]
        found += sum(map(len, lists))
        # All that lies one deeper, of lists and of objects, whatever it is of.
        parted = chain(*lists, *(part.values() for part in below if type(part) is dict))
        below = [part for part in parted if type(part) in _PARTED]
    return found


def _path(path: Sequence[str | int], language: GraphQLSchema) -> str:
    """The path of a field, by the language's own names: an alias is the caller's text."""
    known = _field_names(language)
    return ".".join(part if part in known else "*" for part in path if isinstance(part, str))


@lru_cache(maxsize=2)
def _field_names(language: GraphQLSchema) -> frozenset[str]:
    types = (one for one in language.type_map.values() if isinstance(one, GraphQLObjectType | GraphQLInterfaceType))
    return frozenset(name for one in types for name in one.fields)


@dataclass(frozen=True)
class Auditing:
    """How requests are recorded."""

    log: AuditLog
    mode: AuditMode
    redaction: Redaction

    async def record(self, entry: Entry) -> None:
        """Records a request. Exports and what was denied are durable when this returns.

        Raises: Unavailable, where those cannot be written.
        """
        if entry.viewer is None:
            if entry.outcome is Outcome.UNAUTHENTICATED:
                await self.log.refused(self._record(entry))
            return  # of anything else without a known viewer nothing was understood, let alone answered
        if entry.outcome is Outcome.CANCELLED:
            self.log.add(self._record(entry))
        elif entry.door is Door.EXPORT or entry.is_export or entry.is_denied:
            await self._write(self._record(entry))
        elif self.mode is AuditMode.ALL:
            self.log.add(self._record(entry))

    async def _write(self, record: Record) -> None:
        try:
            await self.log.write(record)
        except Unavailable:
            self.log.add(replace(record, outcome=Outcome.UNAVAILABLE))
            raise

    def told(self, entry: Entry) -> Told:
        """What the log has of what was executed."""
        executed = entry.executed
        if executed is None:
            return Told(rows=entry.rows)
        shape = shape_of(executed.document)
        variables = self.redaction.variables(shape, executed.variables)
        return Told(shape.operation, executed.document.hash, variables, entry.rows)

    def _record(self, entry: Entry) -> Record:
        told = entry.given_again or self.told(entry)
        return Record(
            at=entry.at,
            door=entry.door,
            operation=entry.operation or told.operation,
            outcome=entry.outcome,
            request_id=entry.request_id,
            viewer=entry.viewer,
            document_hash=told.document_hash,
            variables=told.variables,
            rows=told.rows,
            statements=sum(timing.statements for timing in entry.timings) if entry.timings else 0,
            duration_ms=round((time.perf_counter() - entry.started) * 1000),
            withheld=tuple(entry.withheld),
        )
