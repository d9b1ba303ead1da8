"""Where two answers differ: every number must be the same, percentiles within the error that ours state."""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose
from typing import Any, Final

from db import sketch

_ESTIMATED: Final = frozenset({"median", "p90", "p95"})
_ESTIMATE: Final = sketch.RELATIVE_ERROR * (1 + 1e-9)  # a value at a bucket's edge is exactly that far off
_DIVISION: Final = 1e-9
"""The last bits of a mean, added up in another order."""


def differences(one: Any, other: Any, place: str = "") -> Iterator[str]:
    """Each place at which they differ, with both values."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in dict.fromkeys([*one, *other]):
            if key in one and key in other:
                yield from differences(one[key], other[key], f"{place}.{key}")
            else:
                yield f"{place}.{key} is in one answer only"
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from differences(left, right, f"{place}[{number}]")
    elif not _equal(one, other, _ESTIMATE if place.rsplit(".", 1)[-1] in _ESTIMATED else _DIVISION):
        yield f"{place}: {one} and {other}"


def _equal(one: Any, other: Any, tolerance: float) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return isclose(one, other, rel_tol=tolerance, abs_tol=0)
    return bool(one == other)
