"""The making of a whole file in a thread, which draws its rows from the loop: for formats that do not stream."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import BinaryIO, Final

from rest_compat.export.content import Batches, Cells
from rest_compat.problems import Kind, Problem

Draw = Callable[[Callable[[], Batches]], Iterator[Sequence[Cells]]]
"""The batches of a table, one by one, for who is in the thread."""
Make = Callable[[Draw], BinaryIO]
"""Makes a file from what it draws. The file is open, and nobody else's."""

_AT_ONCE: Final = 4
_PIECE_BYTES: Final = 256 * 1024
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_THREADS: Final = ThreadPoolExecutor(_AT_ONCE, "export")


class _Over(Exception):
    """Nobody answers draws any more."""


class _Draws:
    """What a thread asks of the loop."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.asked: asyncio.Queue[tuple[Batches, Future[Sequence[Cells] | None]] | None] = asyncio.Queue()
        self.sources: list[Batches] = []
        self.over = False

    def draw(self, batches: Callable[[], Batches]) -> Iterator[Sequence[Cells]]:
        """In the thread: the batches of a table."""
        source = batches()
        while True:
            answer: Future[Sequence[Cells] | None] = Future()
            self.loop.call_soon_threadsafe(self._ask, source, answer)
            batch = answer.result()
            if batch is None:
                return
            yield batch

    def _ask(self, source: Batches, answer: Future[Sequence[Cells] | None]) -> None:
        if source not in self.sources:
            self.sources.append(source)
        if self.over:
            answer.set_exception(_Over())
        else:
            self.asked.put_nowait((source, answer))

    async def end(self) -> None:
        """In the loop: whoever waits for an answer, or asks again, is told that it is over; what was read is let go."""
        self.over = True
        while not self.asked.empty():
            if (one := self.asked.get_nowait()) is not None:
                one[1].set_exception(_Over())
        for source in self.sources:
            await source.aclose()

    async def answer(self) -> None:
        """In the loop: answers until the thread has ended.

        Raises: what the reading of a table raises; the thread then ends by itself.
        """
        while (one := await self.asked.get()) is not None:
            source, answer = one
            try:
                batch = await anext(source, None)
            except BaseException:
                answer.set_exception(_Over())
                raise
            answer.set_result(batch)


async def written(make: Make) -> AsyncGenerator[bytes]:
    """The file, in pieces: the first once all of it is made.

    Raises: Problem, where it finds no room; what the reading of its rows raises.
    """
    draws = _Draws()
    making = draws.loop.run_in_executor(_THREADS, make, draws.draw)
    making.add_done_callback(lambda done: _ended(draws, done))
    try:
        await draws.answer()
    finally:
        await draws.end()
    try:
        file = making.result()
    except OSError as fault:
        if fault.errno not in _FULL:
            raise
        told = "There is no room left for the file while it is made. Try again later, or take csv, json or ndjson."
        raise Problem(Kind.UNAVAILABLE, told) from fault
    with file:
        file.seek(0)
        while piece := file.read(_PIECE_BYTES):
            yield piece


def _ended(draws: _Draws, making: asyncio.Future[BinaryIO]) -> None:
    if not draws.over:
        draws.asked.put_nowait(None)
    elif not making.cancelled() and making.exception() is None:
        making.result().close()  # nobody waits for it any more
