"""What a request cost, for Server-Timing."""

from __future__ import annotations

import time

from schema.public import Timings


def server_timing(timings: Timings, started: float) -> str:
    """The header: the whole request since `started` (perf_counter), and the database's part. Unit: milliseconds."""
    total = (time.perf_counter() - started) * 1000
    return f'total;dur={total:.1f}, db;dur={timings.seconds * 1000:.1f};desc="{timings.statements} statements"'
