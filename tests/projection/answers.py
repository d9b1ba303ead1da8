"""An answer, down to what must be equal: the data in its order and its very types, and all of every error."""

from __future__ import annotations

import math
from typing import Any

from strawberry.types.execution import ExecutionResult


def exactly(value: Any) -> Any:
    """A value so that equality is of types and order, too."""
    if isinstance(value, dict):
        return ("dict", [(key, exactly(one)) for key, one in value.items()])
    if isinstance(value, list):
        return ("list", [exactly(one) for one in value])
    if isinstance(value, float) and math.isnan(value):
        return ("float", "nan")
    if isinstance(value, str | int | float | None):
        return (type(value).__name__, value)
    return type(value).__name__  # what a scalar lets through as it is, made afresh for each execution


def told(result: ExecutionResult) -> Any:
    """All that an answer says."""
    errors = [
        (e.message, e.path, [(at.line, at.column) for at in e.locations or ()], e.extensions)
        for e in result.errors or ()
    ]
    return exactly(result.data), errors
