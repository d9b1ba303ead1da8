"""How many requests a viewer may send: counted by this process, in windows of a minute.

Source: limits, fixed window. Several processes count each for itself.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Final

from cachetools import TTLCache
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from db.access import Viewer
from db.audit.record import Door
from db.errors import RateLimited

OFF: Final = 0
_VIEWERS: Final = 100_000
"""Whose minutes are remembered, at most."""


@dataclass
class _Window:
    """A viewer's minute."""

    ends: float
    count: int = 0


class _Windows(Storage):
    """Counts in memory, for one thread.

    The library's own starts a thread every hundredth of a second, which costs up to a third of giving a kept answer.
    """

    STORAGE_SCHEME = None

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self._open: TTLCache[str, _Window] = TTLCache(_VIEWERS, seconds)

    @property
    def base_exceptions(self) -> type[Exception]:
        """None is raised."""
        return ValueError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """The count of a window, of which one more is counted."""
        window = self._open.get(key)
        if window is None:
            window = self._open[key] = _Window(time.monotonic() + expiry)
        window.count += amount
        return window.count

    def get(self, key: str) -> int:
        """The count of a window."""
        window = self._open.get(key)
        return window.count if window is not None else 0

    def get_expiry(self, key: str) -> float:
        """When a window ends."""
        window = self._open.get(key)
        return window.ends if window is not None else time.monotonic()

    def check(self) -> bool:
        """Always there."""
        return True

    def reset(self) -> int:
        """Forgets all windows."""
        count = len(self._open)
        self._open.clear()
        return count

    def clear(self, key: str) -> None:
        """Forgets a window."""
        self._open.pop(key, None)


class Rates:
    """The limits of one process; exports have one of their own."""

    def __init__(self, requests_per_minute: int = OFF, exports_per_minute: int = OFF, minute: int = 60) -> None:
        asked = {Door.GRAPHQL: requests_per_minute, Door.REST: requests_per_minute, Door.EXPORT: exports_per_minute}
        self._limits: dict[Door, RateLimitItem] = {
            door: RateLimitItemPerSecond(count, minute) for door, count in asked.items() if count != OFF
        }
        self._limiter = FixedWindowRateLimiter(_Windows(minute))

    def count(self, viewer: Viewer, door: Door) -> None:
        """Counts a request of a viewer.

        Raises: RateLimited, for one too many.
        """
        limit = self._limits.get(door)
        if limit is None:
            return
        what = "exports" if door is Door.EXPORT else "requests"
        if not self._limiter.hit(limit, what, viewer.subject):
            window = self._limiter.get_window_stats(limit, what, viewer.subject)
            seconds = max(1, math.ceil(window.reset_time - time.monotonic()))
            raise RateLimited(
                f"You sent more than {limit.amount} {what} within a minute. Ask again in {seconds} seconds.", seconds
            )
