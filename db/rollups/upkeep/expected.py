"""What the rows of the lowest level must be, asked of the facts in SQL as reports ask them: the twin of `sums`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from db import zones
from db.conditions import LEAVING, SECONDS, Conditions
from db.domain import Clock
from db.importing.session import Session
from db.metric import PartialKind, Rows
from db.periods import Window
from db.query import Attribution
from db.rollups.cuboids import COLUMNS, CUBOIDS, HISTOGRAMS, NUMBERS, Cuboid, Number
from db.rollups.upkeep.fact_columns import COUNTED_CODES, LOG_BUCKETS, copied, row_type
from db.rollups.upkeep.row_copy import NUMBERS_FIELD, numbers_of
from db.rollups.upkeep.sums import Sums
from db.rollups.upkeep.zone_days import Ints
from db.statement import Arguments

_EPOCH: Final = date(1970, 1, 1)
_LAST_CHANGE: Final = datetime(9999, 12, 28, tzinfo=UTC)
"""No clock is changed after that, where the calendar ends."""
_KEYS: Final = {column: f"key_{number}" for number, column in enumerate(COLUMNS.values(), start=1)}
_MASK: Final = f"grouping({', '.join(_KEYS.values())})"
_HEAD: Final = (("cuboid", "", ">i4"), ("day", "", ">i4"), *((name, "", ">i4") for name in _KEYS))


def _mask(cuboid: Cuboid) -> int:
    """What `grouping` says of rows by this cuboid's keys."""
    return int("".join("0" if column in cuboid.columns else "1" for column in _KEYS), 2)


class Asking:
    """Asks for the facts of the days [first, end) of a zone."""

    def __init__(self, session: Session, zone: ZoneInfo, first: int, end: int) -> None:
        self._session, self._zone, self._first, self._end = session, zone, first, end
        self._arguments = Arguments()
        last = min(end, (date.max - _EPOCH).days)
        starts = [zones.start_of_day(_EPOCH + timedelta(days=day), zone) for day in range(first, last + 1)]
        stretch = Window(min(starts[0], _LAST_CHANGE), min(starts[-1], _LAST_CHANGE))
        self._on = {c: Conditions(self._arguments, Attribution.EVENT, c, zone, stretch) for c in Clock}
        keys = [f"{self._on[Clock.CALENDAR].key(d)} AS {_KEYS[column]}" for d, column in COLUMNS.items()]
        inside = f"at >= {self._arguments.bind(starts[0], 'timestamptz')}"
        if last == end:
            inside += f" AND at < {self._arguments.bind(starts[-1], 'timestamptz')}"
        day = f"width_bucket(at, {self._arguments.bind(starts, 'timestamptz[]')}) + {first - 1}"
        self._facts = f"SELECT *, {day} AS day, {', '.join(keys)} FROM facts WHERE {inside} AND %s"

    async def numbers(self) -> dict[Cuboid, Sums]:
        """The numbers of each cuboid, as far as it has some."""
        held = f"ARRAY[{', '.join(self._aggregate(number) for number in NUMBERS)}]::bigint[]"
        rows = await self._ask(held, f"source IN {COUNTED_CODES}", "", row_type((*_HEAD, NUMBERS_FIELD)))
        return {
            cuboid: Sums.by([mine["day"], *(mine[column] for column in cuboid.columns)], numbers_of(mine))
            for cuboid, mine in _by_cuboid(rows)
        }

    async def bins(self) -> dict[Cuboid, Sums]:
        """The bins of each cuboid, as far as it has some."""
        found: dict[Cuboid, list[tuple[list[Ints], Ints]]] = {}
        for number, bins in enumerate(HISTOGRAMS, start=1):
            bucket = LOG_BUCKETS[bins.clock]
            asking = Asking(self._session, self._zone, self._first, self._end)  # with arguments of its own
            where = f"{asking._on[bins.clock].rows(bins.rows)} AND {bucket} IS NOT NULL"
            kind = row_type((*_HEAD, ("bucket", "", ">i4"), ("n", "", ">i8")))
            rows = await asking._ask(f"{bucket}::int, count(*)", where, f", {bucket}", kind)
            for cuboid, mine in _by_cuboid(rows):
                histogram = np.full(len(mine), number)
                keys = [mine["day"], *(mine[column] for column in cuboid.columns), histogram, mine["bucket"]]
                found.setdefault(cuboid, []).append((keys, mine["n"].astype(np.int64)))
        return {
            cuboid: Sums.by(
                [np.concatenate(column) for column in zip(*(keys for keys, _ in parts), strict=True)],
                np.concatenate([n for _, n in parts]),
            )
            for cuboid, parts in found.items()
        }

    async def _ask(self, held: str, where: str, further: str, kind: np.dtype[Any]) -> Ints:
        """Rows of all cuboids, each with what `grouping` says of it; keys that it has not are 0."""
        keys = ", ".join(f"coalesce({name}, 0)::int" for name in _KEYS.values())
        sets = ", ".join(f"({', '.join(['day', *(_KEYS[c] for c in cuboid.columns)])}{further})" for cuboid in CUBOIDS)
        query = (
            f"WITH f AS MATERIALIZED ({self._facts % where})"
            f" SELECT {_MASK}, day, {keys}, {held} FROM f GROUP BY GROUPING SETS ({sets})"
        )
        return await copied(self._session, query, self._arguments.values, kind)

    def _aggregate(self, number: Number) -> str:
        """A number as reports of facts ask for it (db.compile)."""
        conditions, partial = self._on[number.clock or Clock.CALENDAR], number.partial
        rows = conditions.rows(partial.rows)
        if partial.kind is PartialKind.STOCK:
            left = conditions.rows(Rows(LEAVING[partial.rows.source], partial.rows.where))
            return f"count(*) FILTER (WHERE {rows}) - count(*) FILTER (WHERE {left})"
        if partial.kind is PartialKind.COUNT:
            return f"count(*) FILTER (WHERE {rows})"
        column = SECONDS[number.clock or Clock.CALENDAR] if partial.kind is PartialKind.SUM_SECONDS else "score"
        return f"coalesce(sum({column}) FILTER (WHERE {rows}), 0)"


def _by_cuboid(rows: Ints) -> list[tuple[Cuboid, Ints]]:
    masks: Mapping[Cuboid, int] = {cuboid: _mask(cuboid) for cuboid in CUBOIDS}
    parts: Sequence[tuple[Cuboid, Ints]] = [(cuboid, rows[rows["cuboid"] == mask]) for cuboid, mask in masks.items()]
    return [(cuboid, part) for cuboid, part in parts if len(part)]
