"""Facts as columns: read in PostgreSQL's binary COPY format, whose rows here all have one width.

Facts that only count (who entered and left which status) are most of them, and are read without the values that
those which measure something have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from db.conditions import LEAVING, SECONDS, Conditions
from db.domain import Clock, Source
from db.importing.session import Session
from db.metric import PartialKind, Test
from db.periods import Window
from db.query import Attribution, Dimension
from db.rollups.cuboids import COLUMNS, HISTOGRAMS, NUMBERS, Number
from db.rollups.upkeep.zone_days import Ints
from db.statement import Arguments

LOG_BUCKETS: Final[Mapping[Clock, str]] = {Clock.CALENDAR: "log_bucket", Clock.BUSINESS: "business_log_bucket"}
ABSENT: Final = -1
"""Stands for a value that is not there; none is negative."""
_POSTGRES_EPOCH: Final = 946_684_800_000_000
_START: Final = 19
"""Bytes before the first row: signature, flags, length of the extension."""
_END: Final = 2


def _measures(number: Number) -> bool:
    further = set(number.partial.rows.where) - {Test.UNASSIGNED}
    return bool(further) or number.partial.kind not in (PartialKind.COUNT, PartialKind.STOCK)


_MEASURED: Final = {n.partial.rows.source for n in NUMBERS if _measures(n)} | {h.rows.source for h in HISTOGRAMS}
COUNTED: Final = frozenset(
    source
    for number in NUMBERS
    for source in (number.partial.rows.source, LEAVING.get(number.partial.rows.source, number.partial.rows.source))
)
"""The sources that anything counts. Facts of others are left out: targets that never fall due lie in the year 9999."""

_INT2, _INT4, _INT8, _BOOL = ">i2", ">i4", ">i8", "?"
_ANYWHERE: Final = Window(datetime.min.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC))
_KEY: Final = Conditions(Arguments(), Attribution.EVENT, Clock.CALENDAR, ZoneInfo("UTC"), _ANYWHERE).key
OWN: Final = tuple(d for d in COLUMNS if d not in (Dimension.DAY_OF_WEEK, Dimension.HOUR_OF_DAY))
"""The dimensions that a fact has by itself, in every zone."""
_SMALL: Final = (Dimension.PRIORITY, Dimension.CHANNEL, Dimension.STATUS)
_HEAD: Final = (
    ("at", "at", _INT8),
    ("source", "source", _INT2),
    *((COLUMNS[d], _KEY(d), _INT2 if d in _SMALL else _INT4) for d in OWN),
)
_VALUES: Final = (
    ("is_standing", "coalesce(is_standing, false)", _BOOL),
    ("is_first", "coalesce(is_first, false)", _BOOL),
    ("has_target", "within_target IS NOT NULL", _BOOL),
    ("is_within", "coalesce(within_target, false)", _BOOL),
    *((name, f"coalesce({name}, {ABSENT})", _INT4) for name in SECONDS.values()),
    *((name, f"coalesce({name}, {ABSENT}::smallint)", _INT2) for name in LOG_BUCKETS.values()),
    ("score", f"coalesce(score, {ABSENT}::smallint)", _INT2),
)
"""Name, expression and type of each column."""

Columns = Sequence[tuple[str, str, Any]]
_PLAIN_OF: Final = f"({', '.join(str(int(s)) for s in sorted(COUNTED - _MEASURED))})"
_MEASURED_OF: Final = f"({', '.join(str(int(s)) for s in sorted(_MEASURED))})"
COUNTED_CODES: Final = f"({', '.join(str(int(s)) for s in sorted(COUNTED))})"


def row_type(columns: Columns) -> np.dtype[Any]:
    """How a row of these columns lies in a binary COPY, NULL in none of them."""
    fields: list[tuple[str, str]] = [("fields", _INT2)]
    for name, _, kind in columns:
        fields += [(f"{name} width", _INT4), (name, kind)]
    return np.dtype(fields)


@dataclass
class FactColumns:
    """Some facts: those that only count, then those that measure.

    Shape: `head` has a value a fact; `values` has one a measuring fact, the last `measured` of all.
    """

    head: Mapping[str, Ints]
    values: Mapping[str, Ints]
    sign: Ints | None = None
    """1 where a fact arrived, -1 where it leaves; None: all of them are there."""
    _of_source: dict[Source, Ints] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many facts there are."""
        return len(self.head["at"])

    @property
    def measured(self) -> int:
        """How many of them measure something."""
        return len(self.values["score"])

    def of_source(self, source: Source) -> Ints:
        """The places of a source's facts among all."""
        found = self._of_source.get(source)
        if found is None:
            found = self._of_source[source] = np.flatnonzero(self.head["source"] == int(source))
        return found

    def value(self, name: str, places: Ints) -> Ints:
        """A value of measuring facts, by their places among all."""
        found: Ints = self.values[name][places - (self.size - self.measured)]
        return found

    def kept(self, chosen: Ints) -> FactColumns:
        """Those facts for which `chosen` is true."""
        tail = chosen[self.size - self.measured :]
        return FactColumns(
            {name: column[chosen] for name, column in self.head.items()},
            {name: column[tail] for name, column in self.values.items()},
            None if self.sign is None else self.sign[chosen],
        )


async def read(session: Session, condition: str, *arguments: Any) -> FactColumns:
    """The counted facts that meet a condition on `facts AS f`; its arguments are numbered from $1."""
    plain = await _read(session, _HEAD, f"{condition} AND source IN {_PLAIN_OF}", arguments)
    measured = await _read(session, (*_HEAD, *_VALUES), f"{condition} AND source IN {_MEASURED_OF}", arguments)
    return FactColumns(
        {name: np.concatenate([plain[name], measured[name]]) for name in plain},
        {name: measured[name] for name, _, _ in _VALUES},
    )


def balance(leaving: FactColumns | None, arrived: FactColumns) -> FactColumns:
    """What leaves and what arrived as one, with signs."""
    if leaving is None:
        return FactColumns(arrived.head, arrived.values, np.ones(arrived.size, np.int64))
    both = (leaving, arrived)
    splits = [one.size - one.measured for one in both]

    def joined(columns: Sequence[Ints]) -> Ints:
        parts = zip(columns, splits, strict=True)
        plain, measured = zip(*((column[:split], column[split:]) for column, split in parts), strict=True)
        return np.concatenate([*plain, *measured])

    signs = [np.full(one.size, sign, np.int64) for one, sign in zip(both, (-1, 1), strict=True)]
    return FactColumns(
        {name: joined([one.head[name] for one in both]) for name in arrived.head},
        {name: np.concatenate([one.values[name] for one in both]) for name in arrived.values},
        joined(signs),
    )


async def _read(session: Session, columns: Columns, condition: str, arguments: Sequence[Any]) -> dict[str, Ints]:
    selected = ", ".join(expression for _, expression, _ in columns)
    rows = await copied(session, f"SELECT {selected} FROM facts AS f WHERE {condition}", arguments, row_type(columns))
    found = {name: rows[name].astype(rows.dtype[name].newbyteorder("=")) for name, _, _ in columns}
    found["at"] += _POSTGRES_EPOCH
    return found


async def copied(session: Session, query: str, arguments: Sequence[Any], rows: np.dtype[Any]) -> Ints:
    """The rows of a query, as they lie in the COPY."""
    chunks: list[bytes] = []

    async def take(chunk: bytes) -> None:
        chunks.append(bytes(chunk))

    await session.copy_from_query(query, *arguments, output=take, format="binary")
    return np.frombuffer(memoryview(b"".join(chunks))[_START:-_END], rows)
