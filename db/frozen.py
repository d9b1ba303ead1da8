"""Frozen values that stand for themselves in many lookups: their hash is worked out once."""

from __future__ import annotations

from typing import Any, TypeVar

_Value = TypeVar("_Value")


def hashed_once(kind: type[_Value]) -> type[_Value]:
    """A frozen dataclass whose values remember their hash: of a deep one it costs more than the lookup it is for.

    TRICKY: a hash of text is of one process; a value that is pickled for another is to be made anew there.
    """
    work_out = kind.__hash__

    def __hash__(self: Any) -> int:
        known: dict[str, int] = self.__dict__
        try:
            return known["_hash"]
        except KeyError:
            known["_hash"] = found = work_out(self)
            return found

    kind.__hash__ = __hash__  # type: ignore[method-assign]  # the same but for the type of self
    return kind
