"""Facts in PostgreSQL's binary COPY format, packed by hand.

A general encoder looks up every value's codec; most of a fact's values have a fixed width, half of them are the
same in all facts of a ticket, and the last nine are mostly NULL in one of a few patterns. Packing them as such costs
four tenths of it (docs/decisions/0003-import.md).

Source: PostgreSQL documentation, COPY, "Binary Format".
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import Any, Final

from db.importing.records import FACT_COLUMNS, Fact

_SIGNATURE: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END: Final = b"\xff\xff"
_CHUNK_PIECES: Final = 12_000
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

_HEAD: Final = Struct("!hiiiq")
"""The number of columns; organization_id and ticket_id, each after its width. None of the first twelve is ever NULL."""
_EVENT: Final = Struct("!ihihiq")
"""ordinal to at."""
_PRESENT: Final = Struct("!iqiiihihih")
"""created_at to status."""
_CREDIT: Final = Struct("!iiii")
"""team_id and agent_id."""
_ARRAY: Final = Struct("!iiiIii")
_ITEM: Final = Struct("!ii")
_SMALL: Final = Struct("!ih")
_INT4: Final = 23
"""The object id of the type integer."""
_COLUMN_COUNT: Final = len(FACT_COLUMNS)
_NULL: Final = b"\xff\xff\xff\xff"
_TRUTH: Final = {None: _NULL, False: b"\0\0\0\1\0", True: b"\0\0\0\1\1"}
_REMEMBERED: Final = 10_000
"""Combinations of tags, and of values without a duration, that are packed once."""


class FactPacker:
    """Packs facts, ticket by ticket; remembers what repeats."""

    def __init__(self) -> None:
        self._tails: dict[tuple[Any, ...], bytes] = {}
        self._tags: dict[tuple[int, ...], bytes] = {}

    async def stream(self, tickets: Iterable[Sequence[Fact]]) -> AsyncIterator[bytes]:
        """The whole COPY, chunk by chunk, each as soon as its facts are made."""
        chunk = [_SIGNATURE]
        for facts in tickets:
            if facts:
                chunk += self.pack(facts)
            if len(chunk) > _CHUNK_PIECES:
                yield b"".join(chunk)
                chunk.clear()
        chunk.append(_END)
        yield b"".join(chunk)

    def pack(self, facts: Sequence[Any]) -> list[bytes]:
        """One ticket's facts as tuples of the binary format, in pieces; what they share is packed once."""
        organization, ticket = facts[0][:2]
        created, category, priority, channel, status = facts[0][5:10]
        head = _HEAD.pack(_COLUMN_COUNT, 4, organization, 8, ticket)
        present = _PRESENT.pack(8, (created - _EPOCH) // _MICROSECOND, 4, category, 2, priority, 2, channel, 2, status)
        tags = self._packed_tags(facts[0][12])
        pieces: list[bytes] = []
        for fact in facts:
            event = _EVENT.pack(2, fact[2], 2, fact[3], 8, (fact[4] - _EPOCH) // _MICROSECOND)
            tail = fact[13:]
            packed = self._tails.get(tail) or self._packed_tail(tail)
            pieces += (head, event, present, _CREDIT.pack(4, fact[10], 4, fact[11]), tags, packed)
        return pieces

    def _packed_tail(self, tail: tuple[Any, ...]) -> bytes:
        """The columns from `interval_status` on."""
        status, is_first, stands, seconds, business, bucket, business_bucket, met, score = tail
        packed = b"".join(
            (
                _NULL if status is None else _SMALL.pack(2, status),
                _TRUTH[is_first],
                _TRUTH[stands],
                _NULL if seconds is None else _ITEM.pack(4, seconds),
                _NULL if business is None else _ITEM.pack(4, business),
                _NULL if bucket is None else _SMALL.pack(2, bucket),
                _NULL if business_bucket is None else _SMALL.pack(2, business_bucket),
                _TRUTH[met],
                _NULL if score is None else _SMALL.pack(2, score),
            )
        )
        if seconds is None and len(self._tails) < _REMEMBERED:
            self._tails[tail] = packed
        return packed

    def _packed_tags(self, tags: list[int] | None) -> bytes:
        if tags is None:
            return _NULL
        key = tuple(tags)
        packed = self._tags.get(key)
        if packed is None:
            items = b"".join(_ITEM.pack(4, tag) for tag in key)
            packed = _ARRAY.pack(20 + len(items), 1, 0, _INT4, len(key), 1) + items
            if len(self._tags) < _REMEMBERED:
                self._tags[key] = packed
        return packed
