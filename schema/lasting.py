"""How long an answer stays what it would be, while the store does not change: docs/decisions/0012-response-cache.md.

An answer changes with the clock where a period, a bucket or a day begins or ends, where a fact that was written ahead
begins to count, and, all the time, where a running period is compared with the elapsed part of another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from db import zones
from db.access import Realm, Viewer
from db.periods import Period
from db.query import Attribution
from db.version import Version
from resolvers import privacy

FOREVER: Final = datetime.max.replace(tzinfo=UTC)
_UTC: Final = ZoneInfo("UTC")


@dataclass
class Lasting:
    """What an operation's fields tell, as they are resolved, of how long its answer lasts."""

    now: datetime
    """`asOf` of the operation."""
    until: datetime = FOREVER
    """From when on it may be another."""
    counts_to_now: bool = False
    """Whether it also becomes another with the next fact at or after `now`."""
    moves: bool = False
    """Whether it may be another at any time, or is not to be kept for another reason."""
    versions: frozenset[Version] | set[Version] = frozenset()
    """Those that replicas were read at: an answer is kept only as one of each of them."""
    on_moving: Callable[[], None] | None = None
    """Told as soon as that is known."""

    @property
    def is_settled(self) -> bool:
        """Whether the clock does not change it: what `asOf` says is then no part of what it is known by."""
        return not (self.moves or self.counts_to_now)

    def keep_out(self) -> None:
        """The answer is not kept: it moves, or it is nothing to keep."""
        self.moves = True
        if self.on_moving is not None:
            self.on_moving()

    def report(
        self, viewer: Viewer, period: Period, compared: Iterable[Period] = (), attribution: Attribution | None = None
    ) -> None:
        """Takes in a report's period and comparisons."""
        now, against = self.now, tuple(compared)
        if period.preset is not None:
            self._ends(zones.start_of_day(now.astimezone(period.zone).date() + timedelta(days=1), period.zone))
        if against and period.since <= now < period.until:
            self.keep_out()  # the comparison ends at the same elapsed point, which moves
            return
        if attribution is not Attribution.CREATION and _settled_at(viewer, period) <= now:
            return
        self.counts_to_now = True
        for zone in (period.zone, _UTC):
            self._ends(zones.next_hour(now, zone))
        for edge in (edge for one in (period, *against) for edge in (one.since, one.until)):
            if edge >= now:
                self._ends(edge)

    def _ends(self, at: datetime) -> None:
        self.until = min(self.until, at)


def _settled_at(viewer: Viewer, period: Period) -> datetime:
    """From when on no number of a period depends on the clock: its end.

    TRICKY: what is withheld from some viewers is decided by whole months of UTC, which go on past the period's end.
    """
    judges_months = viewer.sees_ratings_in_aggregate or viewer.realm is Realm.SELF
    return privacy.months(period.window)[-1].end if judges_months else period.until
