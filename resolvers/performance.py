"""The performance report: tickets by status and category, and how response and resolution times are distributed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from db.catalog.flows import TICKETS_CREATED
from db.errors import BadInput
from db.metric import Column, Mean, Percentile, Reading, Rows, distribution
from db.query import WORDS, Dimension
from resolvers.behind import Behind, Place
from resolvers.loaders import Loaders
from resolvers.request import ReportRequest
from resolvers.rows import RowKey, row_keys

MAX_EDGES = 50
MAX_SECONDS = 2**31 - 1


@dataclass(frozen=True)
class Part:
    """Tickets created in the period that stand under one key, and their share of all."""

    key: RowKey
    count: int
    share: float | None
    behind: Behind


@dataclass(frozen=True)
class Bucket:
    """Facts whose seconds lie in [low, high); `high` None is no upper end."""

    low: int
    high: int | None
    count: int
    share: float | None
    behind: Behind


@dataclass(frozen=True)
class Distribution:
    """How a duration is distributed. Unit: seconds."""

    count: int
    mean: Reading
    median: Reading
    p90: Reading
    p95: Reading
    buckets: tuple[Bucket, ...]
    behind: Behind


def checked_edges(edges: Sequence[int]) -> tuple[int, ...]:
    """Own edges of a distribution; the first bucket begins at 0 in any case, so that nothing is left out.

    Raises: BadInput, unless they are whole seconds, ascending, not negative, at most 50.
    """
    ascending = all(low < high for low, high in pairwise(edges))
    if not 1 <= len(edges) <= MAX_EDGES or not ascending or edges[0] < 0 or edges[-1] > MAX_SECONDS:
        raise BadInput(
            f"edges {list(edges)} cannot be used. Give 1 to {MAX_EDGES} whole seconds, not negative, each larger than "
            f"the one before and at most {MAX_SECONDS}, such as 0,3600,86400.",
            parameter="edges",
        )
    return tuple(edges) if edges[0] == 0 else (0, *edges)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


async def parts(request: ReportRequest, loaders: Loaders, dimension: Dimension) -> list[Part]:
    """Tickets created in the period by one dimension's present value; fixed words all, most frequent first."""
    partial = TICKETS_CREATED.partials[0]
    groups = await loaders.groups(request.cut((partial,), (dimension,)))
    counts = {key[0]: values[0].number(partial) or 0 for key, values in groups.items()}
    if dimension in WORDS:
        counts = {int(word): counts.get(int(word), 0) for word in WORDS[dimension]}
    keys = await row_keys(loaders, ((dimension, n) for n in counts))
    whole = sum(counts.values())
    found = [
        Part(keys[dimension, number], count, _share(count, whole), _place(request, dimension, number).of(partial))
        for number, count in counts.items()
    ]
    if dimension in WORDS:
        return found
    return sorted((part for part in found if part.count), key=lambda p: (-p.count, p.key.label or ""))


def _place(request: ReportRequest, dimension: Dimension, number: int) -> Place:
    return Place(request.slice, request.period.window, ((dimension, number),))


async def spread(request: ReportRequest, loaders: Loaders, rows: Rows, edges: Sequence[int]) -> Distribution:
    """How a duration is distributed over the whole slice."""
    mean = Mean(Column.SECONDS, rows)
    median, p90, p95 = (Percentile(share, rows) for share in (0.5, 0.9, 0.95))
    counted = distribution(rows, edges)
    wanted = [*mean.partials, *median.partials, *(p for bucket in counted for p in bucket.partials)]
    values = (await loaders.groups(request.cut(wanted))).columns([0])
    count = mean.count(values)[0] or 0
    uppers = (*edges[1:], None)
    numbers = [bucket.count(values)[0] or 0 for bucket in counted]
    return Distribution(
        count,
        mean.read(values)[0],
        median.read(values)[0],
        p90.read(values)[0],
        p95.read(values)[0],
        tuple(
            Bucket(low, high, n, _share(n, count), request.place.of(bucket.counted))
            for low, high, n, bucket in zip(edges, uppers, numbers, counted, strict=True)
        ),
        request.place.of(mean.counted),
    )
