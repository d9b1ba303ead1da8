"""Rows out of lines: the loops of the import, one for a file of one kind and one for a table that feeds several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from db.sources.checks import BadCell
from db.sources.eventlog import Changes, Made
from db.sources.mapping_values import DIMENSIONS
from db.sources.rowplan import RowPlan
from db.sources.rows import Read, Reject, RowKind
from db.sources.tables import Line

Plans = list[tuple[RowKind, RowPlan]]


def one_kind(file: str, lines: Iterator[Line], kind: RowKind, plan: RowPlan) -> Iterator[Read | Reject]:
    """The rows of a file of one kind."""
    make = plan.row
    for line, cells in lines:
        try:
            if cells.__class__ is BadCell:
                raise cells
            row = make(cells)  # type: ignore[arg-type]  # mypy does not narrow by __class__, which is what is fast
        except BadCell as fault:
            yield Reject(file, line, fault.column, fault.reason, fault.text)
        else:
            if row is not None:
                yield Read(kind, file, line, row)


def several_kinds(file: str, lines: Iterator[Line], maker: Maker) -> Iterator[Read | Reject]:
    """The rows of a table that feeds several kinds: a source row goes in as a whole, or is rejected as a whole."""
    for line, cells in lines:
        try:
            if isinstance(cells, BadCell):
                raise cells
            made = maker.take(line, cells)
        except BadCell as fault:
            yield Reject(file, line, fault.column, fault.reason, fault.text)
        else:
            for at, kind, row in made:
                yield Read(kind, file, at, row)
    for at, kind, row in maker.finish():
        yield Read(kind, file, at, row)


class Maker:
    """Makes the rows of several kinds out of one source row; agents, teams and the like once for each id."""

    def __init__(self, plans: Plans, notices: Counter[str]) -> None:
        self._plans = plans
        self._notices = notices
        self._named: dict[tuple[RowKind, str], Any] = {}

    def take(self, line: int, cells: Sequence[str]) -> list[Made]:
        """What a source row brings.

        Raises: BadCell, for the first fault of any of its rows.
        """
        made = [(line, kind, plan.row(cells)) for kind, plan in self._plans]
        return [found for found in made if found[2] is not None and self._is_new(*found)]

    def finish(self) -> list[Made]:
        """What the last source row leaves to be made."""
        return []

    def _is_new(self, _: int, kind: RowKind, row: Any) -> bool:
        """Whether a row is the first of its id, where its kind is one that many source rows name."""
        if kind not in DIMENSIONS:
            return True
        first = self._named.setdefault((kind, row.id), row)
        if first != row:
            self._notices[f"another row for an id in {kind.value} said otherwise; the first was kept"] += 1
        return first is row


class LogMaker(Maker):
    """Makes a ticket out of the rows of an event log, and events out of what changes between them."""

    def __init__(self, plans: Plans, notices: Counter[str], changes: Changes, stamp: RowPlan) -> None:
        super().__init__(plans, notices)
        self._changes = changes
        self._stamp = stamp

    def take(self, line: int, cells: Sequence[str]) -> list[Made]:
        """What a row of the log brings.

        Raises: BadCell, for the first fault of any of its rows.
        """
        stamp = self._stamp.row(cells)
        rows = super().take(line, cells)
        ticket = next((row for _, kind, row in rows if kind is RowKind.TICKETS), None)
        if ticket is None:
            return rows
        try:
            changes = self._changes.take(line, ticket, stamp)
        except BadCell as fault:
            raise self._stamp.told(fault, fault.column, cells) from None
        return [found for found in rows if found[1] is not RowKind.TICKETS] + changes

    def finish(self) -> list[Made]:
        """The last ticket."""
        return self._changes.finish()
