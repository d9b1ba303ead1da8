"""Files that are whole before their first byte leaves: kept in a temporary file that has no name."""

from __future__ import annotations

import asyncio
import errno
import tempfile
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import IO, Final

from rest_compat.problems import Kind, Problem

_PIECE_BYTES: Final = 256 * 1024


async def spooled(chunks: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """The same bytes, all of which have been made by now.

    Raises: Problem, where the disk is full, and what the making raises.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - it is closed by whoever reads it
    try:
        async with aclosing(chunks):
            async for chunk in chunks:
                await asyncio.to_thread(file.write, chunk)
        await asyncio.to_thread(file.seek, 0)
    except BaseException as fault:
        file.close()
        if isinstance(fault, OSError) and fault.errno == errno.ENOSPC:
            said = "There is no room left to make the file. Try again later, or a format that is sent as it is made."
            raise Problem(Kind.UNAVAILABLE, said) from fault
        raise
    return _pieces(file)


async def _pieces(file: IO[bytes]) -> AsyncGenerator[bytes]:
    with file:
        while piece := await asyncio.to_thread(file.read, _PIECE_BYTES):
            yield piece
