"""Rows of the rollups' tables in PostgreSQL's binary COPY format, packed as whole columns.

Source: PostgreSQL documentation, COPY, "Binary Format".
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, Final

import numpy as np

from db.importing.landing import landing
from db.importing.session import Session
from db.rollups.cuboids import HISTOGRAMS, NUMBERS, Cuboid
from db.rollups.upkeep.fact_columns import row_type
from db.rollups.upkeep.keyspace import starts_of
from db.rollups.upkeep.sums import Sums
from db.rollups.upkeep.zone_days import Ints

_SIGNATURE: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END: Final = b"\xff\xff"
_CHUNK_BYTES: Final = 1 << 20
_BIGINT: Final = 20
"""The object id of the type bigint."""
_BYTEA: Final = 17
"""The object id of the type bytea."""
_RECORD: Final = np.dtype([("bucket", ">i2"), ("count", ">i4")])
_PLACE: Final = (("zone_id", "", ">i2"), ("level", "", ">i2"), ("block", "", ">i4"))
_DELTA: Final = ("is_delta", "", "?")
_PLACE_NAMES: Final = ("zone_id", "level", "block", "is_delta")
_ITEM: Final = np.dtype([("width", ">i4"), ("value", ">i8")])
_ARRAY_HEAD: Final = [("dimensions", ">i4"), ("nulls", ">i4"), ("type", ">u4"), ("length", ">i4"), ("low", ">i4")]
_ARRAY: Final = np.dtype([*_ARRAY_HEAD, ("items", _ITEM, (len(NUMBERS),))])


_ARRAY_HEAD_BYTES: Final = np.dtype(_ARRAY_HEAD).itemsize
NUMBERS_FIELD: Final = ("numbers", "", _ARRAY)


def numbers_type(cuboid: Cuboid, *before: tuple[str, str, str]) -> np.dtype[Any]:
    """How a row of some columns, then the cuboid's keys and its numbers lies in a binary COPY."""
    keys = [(name, "", ">i4") for name in cuboid.columns]
    return row_type((*before, *keys, NUMBERS_FIELD))


def numbers_of(rows: Ints) -> Ints:
    """The numbers of rows as they lie in a COPY. Shape: rows x NUMBERS."""
    found: Ints = rows["numbers"]["items"]["value"].astype(np.int64)
    return found


Part = tuple[int, Sums]
"""The id of a zone, and sums of one of its levels."""


async def put_numbers(session: Session, cuboid: Cuboid, parts: Iterable[Part], *, is_delta: bool) -> None:
    """Appends rows of numbers."""
    rows = [_numbers(cuboid, zone_id, sums, is_delta) for zone_id, sums in parts if len(sums.packed)]
    await _copy(session, cuboid.numbers, (*_PLACE_NAMES, *cuboid.columns, "numbers"), rows)


async def put_bins(session: Session, cuboid: Cuboid, parts: Iterable[Part], *, is_delta: bool) -> None:
    """Appends rows of histograms: one for those bins that differ in their histogram and bucket alone."""
    rows = [_bins(cuboid, zone_id, sums, is_delta) for zone_id, sums in parts if len(sums.packed)]
    await _copy(session, cuboid.bins, (*_PLACE_NAMES, *cuboid.columns, "bins"), rows)


def _numbers(cuboid: Cuboid, zone_id: int, sums: Sums, is_delta: bool) -> Ints:
    rows = np.zeros(len(sums.packed), numbers_type(cuboid, *_PLACE, _DELTA))
    _fill(rows, zone_id, sums.level, dict(zip(("block", *cuboid.columns), sums.columns(), strict=True)), is_delta)
    array = rows["numbers"]
    array["dimensions"], array["type"], array["length"], array["low"] = 1, _BIGINT, len(NUMBERS), 1
    array["items"]["width"], array["items"]["value"] = 8, sums.values
    return rows.view(np.uint8)


def _bins(cuboid: Cuboid, zone_id: int, sums: Sums, is_delta: bool) -> Ints:
    block, *keys, histogram, bucket = sums.columns()
    starts = starts_of(sums.packed // (sums.space.widths[-1] * sums.space.widths[-2]))
    row = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(bucket)))
    # The width in bytes of each histogram of each row; the records lie in that order.
    widths = np.bincount(row * len(HISTOGRAMS) + histogram - 1, minlength=len(starts) * len(HISTOGRAMS))
    widths = widths.reshape(len(starts), len(HISTOGRAMS)) * _RECORD.itemsize
    records = np.empty(len(bucket), _RECORD)
    records["bucket"], records["count"] = bucket, sums.values
    wide = tuple((name, "", ">i4") for name in cuboid.columns)
    head_type = np.dtype([*row_type((*_PLACE, _DELTA, *wide)).descr, ("bins width", ">i4"), *_ARRAY_HEAD])
    heads = np.zeros(len(starts), head_type)
    columns = dict(zip(("block", *cuboid.columns), (c[starts] for c in (block, *keys)), strict=True))
    _fill(heads, zone_id, sums.level, columns, is_delta)
    heads["fields"] += 1
    heads["dimensions"], heads["type"], heads["length"], heads["low"] = 1, _BYTEA, len(HISTOGRAMS), 1
    heads["bins width"] = _ARRAY_HEAD_BYTES + 4 * len(HISTOGRAMS) + widths.sum(axis=1)
    # A row is its head, then of each histogram its width and its records.
    sizes = np.full((len(starts), 1 + len(HISTOGRAMS)), 4)
    sizes[:, 0], sizes[:, 1:] = head_type.itemsize, 4 + widths
    ends = sizes.cumsum().reshape(sizes.shape)
    packed = np.empty(ends[-1, -1], np.uint8)
    _put(packed, ends[:, 0] - head_type.itemsize, heads)
    _put(packed, (ends[:, :-1]).ravel(), widths.astype(">i4").ravel())
    # The records of a row lie one after the other, but for the widths between them.
    first = np.repeat(ends[:, 0] - starts * _RECORD.itemsize, np.diff(starts, append=len(bucket)))
    _put(packed, first + np.arange(len(bucket)) * _RECORD.itemsize + 4 * histogram, records)
    return packed


def _put(into: Ints, at: Ints, values: Ints) -> None:
    """Writes the bytes of each value from its place on."""
    parts = values.view(np.uint8).reshape(len(values), -1)
    for number in range(parts.shape[1]):
        into[at + number] = parts[:, number]


def _fill(rows: Ints, zone_id: int, level: int, columns: dict[str, Ints], is_delta: bool) -> None:
    """Writes the columns and their widths."""
    names = [name for name in rows.dtype.names or () if f"{name} width" in (rows.dtype.names or ())]
    rows["fields"] = len(names)
    for name in names:
        rows[f"{name} width"] = rows.dtype[name].itemsize
    rows["zone_id"], rows["level"], rows["is_delta"] = zone_id, level, is_delta
    for name, column in columns.items():
        rows[name] = column


async def _copy(session: Session, table: str, columns: tuple[str, ...], rows: Sequence[Ints]) -> None:
    if not rows:
        return

    async def chunks() -> AsyncIterator[bytes]:
        yield _SIGNATURE
        for part in rows:
            for start in range(0, len(part), _CHUNK_BYTES):
                yield part[start : start + _CHUNK_BYTES].tobytes()
        yield _END

    async with landing(session, table, columns) as into:
        await session.copy_to_table(into, source=chunks(), columns=columns, format="binary")


def bins_of(rows: Sequence[Sequence[bytes]]) -> tuple[Ints, Ints, Ints, Ints]:
    """All records of rows of histograms: the row and the histogram that each is of, its bucket and its count."""
    bins = [one for row in rows for one in row]
    lengths = np.array([len(one) // _RECORD.itemsize for one in bins], np.int64)
    place = np.repeat(np.arange(len(bins)), lengths)
    records = np.frombuffer(b"".join(bins), _RECORD)
    row, histogram = np.divmod(place, len(HISTOGRAMS))
    return row, histogram + 1, records["bucket"].astype(np.int64), records["count"].astype(np.int64)
