"""What an export holds before it is a file of some format: frozen values, and rows that come in batches."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import islice
from typing import Final

from rest_compat.reshape import Json

Cell = str | int | float | bool | None
Row = Mapping[str, Cell]
"""Cells by their column's key; a key that is not there is an empty cell."""
Cells = tuple[Cell, ...]
"""A row's cells in the order of its table's columns."""
Batches = AsyncGenerator[Sequence[Cells]]
ROWS_A_BATCH: Final = 500


class Kind(Enum):
    """What the cells of a column are; any may be empty, and a number that is withheld may be a text such as <5."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    TRUTH = "true or false"
    INSTANT = "instant"
    """ISO 8601: a date, or a date-time with the zone's offset."""


@dataclass(frozen=True)
class Column:
    """A column: its key, its label, what its cells are, and the unit of its numbers."""

    key: str
    label: str
    kind: Kind = Kind.TEXT
    unit: str | None = None
    """seconds, ratio, tickets, events or score."""
    unit_key: str | None = None
    """The column whose cell names the unit of this column's cell, where rows differ."""

    @property
    def heading(self) -> str:
        """The label with the unit."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


class ChartKind(Enum):
    """How a table is drawn."""

    BARS = "bars"
    LINES = "lines"
    HEATMAP = "heatmap"
    """Of two columns of labels, rows and columns, and one of values."""


@dataclass(frozen=True)
class Chart:
    """What to draw of a table: the columns of labels and of values, by key."""

    kind: ChartKind
    labels: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A table with a title of its own. Its rows can be read once; whoever reads closes them (`aclosing`)."""

    key: str
    title: str
    columns: tuple[Column, ...]
    batches: Callable[[], Batches] = field(repr=False)
    chart: Chart | None = None


@dataclass(frozen=True)
class Definition:
    """What a number means: the catalogue's own words."""

    label: str
    unit: str
    text: str


@dataclass(frozen=True)
class Content:
    """A report as it is handed on.

    `table` holds all rows as one flat table, `parts` the same as tables of their own; of the two, one is read, once.
    """

    report: str
    title: str
    head: Json
    """The answer's envelope."""
    table: Part
    parts: tuple[Part, ...]
    cover: tuple[tuple[str, str], ...]
    """What the numbers are of, as label and text: period, zone, comparison, filter, attribution, clock, and so on."""
    definitions: tuple[Definition, ...]
    language: str
    """A language tag: how numbers and dates are written for people. The words are English."""
    whole: Json | None = None
    """The answer of the GET route; None where rows are streamed."""
    total: int | None = None
    """How many rows `table` has, where that is known beforehand."""

    def watched(self, watch: Callable[[int], None]) -> Content:
        """The same, telling of every batch that is read how many rows it has."""
        parts = tuple(replace(part, batches=_watching(part.batches, watch)) for part in self.parts)
        return replace(self, table=replace(self.table, batches=_watching(self.table.batches, watch)), parts=parts)


def _watching(batches: Callable[[], Batches], watch: Callable[[int], None]) -> Callable[[], Batches]:
    async def watched() -> Batches:
        async with aclosing(batches()) as read:
            async for batch in read:
                watch(len(batch))
                yield batch

    return watched


def batches_of(columns: Sequence[Column], rows: Callable[[], Iterable[Row]]) -> Callable[[], Batches]:
    """The batches of rows that are there."""
    keys = [column.key for column in columns]

    async def batches() -> Batches:
        coming = iter(rows())
        while batch := [tuple(row.get(key) for key in keys) for row in islice(coming, ROWS_A_BATCH)]:
            yield batch

    return batches
