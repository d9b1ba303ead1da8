"""What the making of any report's export comes to, before it is dressed as a file's content."""

from __future__ import annotations

from dataclasses import dataclass

from rest_compat.export.content import Part
from rest_compat.reshape import Json


@dataclass(frozen=True)
class Made:
    """A report's numbers, as tables."""

    title: str
    head: Json
    """The answer's envelope, with what else the request said."""
    table: Part
    parts: tuple[Part, ...]
    metrics: tuple[str, ...]
    """The catalogue's names of what is shown."""
    total: int | None = None
    """How many rows the table has, where that is known beforehand."""
    whole: Json | None = None
    """The answer of the GET route, where there is one."""
