"""SLA policies: on which terms a ticket is served, when its targets fall due, and how long things took on its clock.

Source: metrics.md, "Clock" and "Readings, settled".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from db.calendars import BusinessClock, CalendarBook, instant, micros
from db.domain import NEVER, Clock

_SECOND: Final = 1_000_000
_LATEST: Final = micros(NEVER)

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


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms a ticket is served: its policy, if it has one, and the calendar that counts its business time."""

    policy: Policy | None
    calendar: BusinessClock | None
    """The policy's calendar, else the one named `default`, else the only one; None: there is none."""

    def runs_in(self, status: int) -> bool:
        """Whether the clock runs while a ticket is in a status; it stands still in those that pause it."""
        return self.policy is None or status not in (self.policy.pause_on or ())

    def due_at(self, seconds: int | None, runs: Sequence[Run]) -> datetime | None:
        """When a target falls due: the earliest instant at which the policy's clock has run it.

        `runs` are the stretches in which the clock runs, in order of time; NEVER where they, or the calendar's open
        hours, end before. None: no target, or one on business time without a calendar, which cannot be known.
        """
        if seconds is None or self.policy is None:
            return None
        clock: BusinessClock | None = None
        if self.policy.clock == Clock.BUSINESS:
            clock = self.calendar
            if clock is None:
                return None
        return _reached(clock, seconds * _SECOND, runs)

    def business_seconds(self, since: datetime, at: datetime, paused: Sequence[Run]) -> int | None:
        """Open time between two instants, less the open time of the pauses; None without a calendar.

        Unit: whole seconds.
        """
        clock = self.calendar
        if clock is None:
            return None
        end = micros(at)
        elapsed = clock.elapsed(micros(since), end)
        for start, stop in paused:
            until = end if stop is None else min(micros(stop), end)
            low = micros(start)
            if low < until:
                elapsed -= clock.elapsed(low, until)
        return elapsed // _SECOND


def _reached(clock: BusinessClock | None, left: int, runs: Sequence[Run]) -> datetime | None:
    """The earliest instant at which a clock has run so long in these stretches. `clock` None: it always runs."""
    for since, until in runs:
        start = micros(since)
        found = start + left if clock is None else clock.after(start, left)
        if until is None:
            return NEVER if found is None or found >= _LATEST else instant(found)
        end = micros(until)
        if found is not None and found <= end:
            return instant(found)
        left -= end - start if clock is None else clock.elapsed(start, end)
    return NEVER


class PolicyBook:
    """All policies, the one that wins first, with the calendars they name."""

    def __init__(self, policies: Iterable[Policy], calendars: CalendarBook) -> None:
        self._calendars = calendars
        self._ranked = sorted(policies, key=lambda policy: (-policy.specificity, policy.position))
        self._asks_organization = any(policy.match_organization_id is not None for policy in self._ranked)
        self._found: dict[tuple[int, int, int], Terms] = {}

    def terms_for(self, priority: int, category_id: int, organization_id: int) -> Terms:
        """The terms of the most specific policy that matches; of equals, of the one of lower position."""
        key = (priority, category_id, organization_id if self._asks_organization else 0)
        terms = self._found.get(key)
        if terms is None:
            policy = next((policy for policy in self._ranked if _matches(policy, key)), None)
            terms = Terms(policy, self._calendars.clock_of(policy.calendar if policy else None))
            self._found[key] = terms
        return terms


def _matches(policy: Policy, key: tuple[int, int, int]) -> bool:
    return all(asked is None or asked == present for asked, present in zip(policy[2:5], key, strict=True))
