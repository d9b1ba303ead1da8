"""What an HTTP API answers, and that it does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.errors import SetupFault, Unavailable

Json = Mapping[str, Any]
Parameters = Sequence[tuple[str, str | int]]


class Refused(SetupFault):
    """The API does not answer a request, and will not if it is asked again."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Answer:
    """What an API answered."""

    body: Any
    received_at: datetime
    """By our clock."""
    sent_at: datetime | None = None
    """By the API's; None, where it does not say."""
    has_next: bool = False
    """Whether it names a next page. Source: RFC 8288."""

    @property
    def at(self) -> datetime:
        """When it was given, by the API's clock; by ours, where it does not say."""
        return self.received_at if self.sent_at is None else self.sent_at

    @property
    def skew_seconds(self) -> float | None:
        """How far the API's clock is ahead of ours, to the second; None, where it does not say."""
        return None if self.sent_at is None else float(round((self.sent_at - self.received_at).total_seconds()))

    def rows(self, name: str | None = None) -> list[dict[str, Any]]:
        """The list of objects that it consists of, or that it names so.

        Raises: Unavailable, where there is none.
        """
        found = self.body if name is None else self.body.get(name) if isinstance(self.body, dict) else None
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise Unavailable(f"The answer has no list {name or 'of objects'}.")
        return found
