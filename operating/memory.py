"""How a server's process keeps its memory, so that it works on answers and not on room for them."""

from __future__ import annotations

import ctypes
import gc
from typing import Final

_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
"""What glibc calls these parameters of its allocator."""
_KEPT_BYTES: Final = 16 * 2**20


def start_unsearched() -> None:
    """For a process that begins: until `keep_for_answers` nothing is garbage, and is not searched for."""
    gc.disable()


def keep_for_answers() -> None:
    """For the process that answers, once everything is there that lasts."""
    _make_searches_rare()
    _keep_room()


def _make_searches_rare() -> None:
    """Makes the search for garbage cycles rare: what is there now stays, and an answer makes few.

    A search through the schema would cost as much as two dashboards, one through a large answer a quarter of it. An
    answer leaves nothing to be searched for; a refusal does, which is looked for once there are half a million objects.
    What is garbage already is next to nothing, and finding it would take as long as two answers.
    """
    gc.freeze()
    gc.set_threshold(50_000, 5, 2)
    gc.enable()


def _keep_room() -> None:
    """Has the C library keep the room of an answer for the next one, some megabytes; nothing where it is not glibc.

    A large answer is read into arrays of a megabyte. Left to itself, the library gives their pages back to the system
    and faults for each of them again: a report of 200 agents has 650 such faults, a sixth of its time.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _KEPT_BYTES)
        mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
