"""How many requests a viewer may send: counted by this process, in windows of a minute.

Source: limits, fixed window. Several processes count each for itself.
"""

from __future__ import annotations

import math
import time
from typing import Final

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from db.access import Viewer
from db.audit.record import Door
from db.errors import RateLimited

OFF: Final = 0


class Rates:
    """The limits of one process; exports have one of their own."""

    def __init__(self, requests_per_minute: int = OFF, exports_per_minute: int = OFF) -> None:
        asked = {Door.GRAPHQL: requests_per_minute, Door.REST: requests_per_minute, Door.EXPORT: exports_per_minute}
        self._limits: dict[Door, RateLimitItem] = {
            door: RateLimitItemPerMinute(count) for door, count in asked.items() if count != OFF
        }
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    async def count(self, viewer: Viewer, door: Door) -> None:
        """Counts a request of a viewer.

        Raises: RateLimited, for one too many.
        """
        limit = self._limits.get(door)
        if limit is None:
            return
        what = "exports" if door is Door.EXPORT else "requests"
        if not await self._limiter.hit(limit, what, viewer.subject):
            window = await self._limiter.get_window_stats(limit, what, viewer.subject)
            seconds = max(1, math.ceil(window.reset_time - time.time()))
            raise RateLimited(
                f"You sent more than {limit.amount} {what} within a minute. Ask again in {seconds} seconds.", seconds
            )
