"""A statement: SQL with its arguments, ready to be sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Statement:
    """SQL text with numbered parameters, and their values."""

    sql: str
    arguments: tuple[Any, ...] = ()


@dataclass
class Arguments:
    """Collects the values of a statement while it is written; equal values share a number."""

    values: list[Any] = field(default_factory=list)

    def bind(self, value: Any, sql_type: str) -> str:
        """The placeholder that stands for a value, with its type."""
        for number, known in enumerate(self.values, start=1):
            if known is value or (type(known) is type(value) and known == value):
                return f"${number}::{sql_type}"
        self.values.append(value)
        return f"${len(self.values)}::{sql_type}"
