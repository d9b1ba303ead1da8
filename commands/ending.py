"""How a command that works until it is told to end is told."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine
from typing import Any


async def until_told(work: Coroutine[Any, Any, None], *, beside: bool) -> None:
    """Works until a signal comes; `beside` another process, also until that ends, and gives way to it."""
    task = asyncio.ensure_future(work)
    loop, source = asyncio.get_running_loop(), sys.stdin.fileno()

    def end() -> None:
        """Once: what is at hand is let go of in peace."""
        loop.remove_reader(source)
        if not task.cancelling():
            task.cancel()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, end)
    if beside:
        os.nice(5)
        loop.add_reader(source, lambda: None if os.read(source, 1024) else end())
    try:
        await task
    except asyncio.CancelledError:
        return  # it was told to
