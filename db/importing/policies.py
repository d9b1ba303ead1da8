"""SLA policies: which one a ticket has, and when its targets fall due.

Source: metrics.md, "Clock" and "Readings, settled".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from db.domain import Clock

NEVER: Final = datetime.max.replace(tzinfo=UTC)
"""The due instant of a target whose clock stopped for good before it ran out."""

Run = tuple[datetime, datetime | None]
"""A stretch of time in which the ticket was open: from, until; still open = None."""


class Policy(NamedTuple):
    """A row of `sla_policies`, without its id."""

    name: str
    position: int
    match_priority: int | None = None
    match_category_id: int | None = None
    match_organization_id: int | None = None
    first_response_seconds: int | None = None
    resolution_seconds: int | None = None
    clock: int = Clock.CALENDAR
    pause_on: list[int] | None = None
    calendar: str | None = None

    @property
    def specificity(self) -> int:
        """How many things must match; the more, the more specific."""
        return sum(key is not None for key in self[2:5])

    def runs_in(self, status: int) -> bool:
        """Whether the clock runs while a ticket is in a status; it stands still in those that pause it."""
        return status not in (self.pause_on or ())


class PolicyBook:
    """All policies, the one that wins first."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        self._ranked = sorted(policies, key=lambda policy: (-policy.specificity, policy.position))
        self._asks_organization = any(policy.match_organization_id is not None for policy in self._ranked)
        self._found: dict[tuple[int, int, int], Policy | None] = {}

    def policy_for(self, priority: int, category_id: int, organization_id: int) -> Policy | None:
        """The most specific policy that matches; of equals, the one of lower position."""
        if not self._ranked:
            return None
        key = (priority, category_id, organization_id if self._asks_organization else 0)
        if key not in self._found:
            self._found[key] = next((policy for policy in self._ranked if _matches(policy, key)), None)
        return self._found[key]


def _matches(policy: Policy, key: tuple[int, int, int]) -> bool:
    return all(asked is None or asked == present for asked, present in zip(policy[2:5], key, strict=True))


def policy_due_at(policy: Policy, seconds: int | None, runs: Sequence[Run]) -> datetime | None:
    """The instant at which a target of the policy falls due: the earliest at which the clock has run it.

    `runs` are the stretches in which the clock runs, in order of time; NEVER where they end before. None: no
    target, or one that cannot be known: HERE the business clock is to be plugged in; until then a policy that has
    it gives no due instant, so its tickets have neither kept nor missed anything.
    """
    if seconds is None or policy.clock != Clock.CALENDAR:
        return None
    left = timedelta(seconds=seconds)
    for since, until in runs:
        if until is None or until - since >= left:
            return since + left
        left -= until - since
    return NEVER
