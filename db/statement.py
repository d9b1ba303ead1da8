"""A statement: SQL with its arguments, ready to be sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Statement:
    """SQL text with numbered parameters, and their values."""

    sql: str
    arguments: tuple[Any, ...] = ()
    planned_once: bool | None = False
    """Whether one plan is right for all arguments: then a connection keeps it, and plans the text no more. None: either
    way does."""
    about: object = field(default=None, compare=False, repr=False)
    """What it was compiled from, where that says more than its text."""


@dataclass
class Arguments:
    """Collects the values of a statement while it is written; equal values of one type share a number."""

    values: list[Any] = field(default_factory=list)
    _types: list[str] = field(default_factory=list)

    def bind(self, value: Any, sql_type: str) -> str:
        """The placeholder that stands for a value, with its type."""
        for number, (known, known_type) in enumerate(zip(self.values, self._types, strict=True), start=1):
            # TRICKY: an empty list of ids equals an empty list of instants; a parameter has one type.
            if known_type == sql_type and (known is value or known == value):
                return f"${number}::{sql_type}"
        self.values.append(value)
        self._types.append(sql_type)
        return f"${len(self.values)}::{sql_type}"
