"""Processor seconds of a database server on this machine."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import asyncpg


async def postmaster(connection: asyncpg.Connection[asyncpg.Record]) -> int:
    """The process of a server on this machine."""
    folder = await connection.fetchval("SHOW data_directory")
    return int((Path(folder) / "postmaster.pid").read_text().split()[0])


def processor_seconds(server: int) -> float:
    """What a server and all its processes, those that have ended too, have taken so far."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rsplit(")", 1)[1].split()
            if int(fields[1]) == server:
                ticks += int(fields[11]) + int(fields[12])
            elif stat.parent.name == str(server):
                ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")
