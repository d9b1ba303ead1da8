"""A list of objects of one plain type that is held as columns of their fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class InColumns:
    """What a resolver may give where a list of objects is expected: an answer of plain fields needs no object.

    Shape: `columns` by the names of attributes, one value for each object; further objects may be in columns, too.
    """

    origin: type
    columns: Mapping[str, Sequence[Any] | InColumns]
    size: int
    make: Callable[[int], Any]
    """The object at a place, where a field has to be resolved."""

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, place: int) -> Any:
        return self.make(place)

    def __iter__(self) -> Iterator[Any]:
        return map(self.make, range(self.size))
