"""What clients do in the database now, and since when: of no statement its text, which may hold anybody's values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Final

import asyncpg

# Of others' sessions a login without pg_read_all_stats sees no kind and no state; what has no user is the server's own.
_UNSEEN: Final = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND usesysid IS NOT NULL AND backend_type IS NULL
"""
_BUSY: Final = """
    SELECT a.pid, a.application_name AS application, d.doing, clock_timestamp() - d.since AS lasting,
        coalesce(b.pids, '{}') AS pids, coalesce(b.applications, '{}') AS applications
    FROM pg_stat_activity AS a
    LEFT JOIN (SELECT pid, min(waitstart) AS since FROM pg_locks WHERE NOT granted GROUP BY pid) AS l USING (pid)
    CROSS JOIN LATERAL (
        SELECT CASE WHEN a.state <> 'active' THEN 'idles' WHEN l.since IS NULL THEN 'runs' ELSE 'waits' END AS doing,
            CASE WHEN a.state <> 'active' THEN a.state_change ELSE coalesce(l.since, a.query_start) END AS since
    ) AS d
    LEFT JOIN LATERAL (
        SELECT array_agg(w.pid ORDER BY w.pid) AS pids,
            array_agg(coalesce(o.application_name, '') ORDER BY w.pid) AS applications
        FROM (SELECT DISTINCT unnest(pg_blocking_pids(a.pid)) AS pid) AS w LEFT JOIN pg_stat_activity AS o USING (pid)
    ) AS b ON d.doing = 'waits'
    WHERE a.datname = current_database() AND a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()
        AND a.state IN ('active', 'idle in transaction', 'idle in transaction (aborted)')
    ORDER BY lasting DESC, a.pid
"""


class Doing(Enum):
    """What a client is at."""

    RUNS = "runs"
    """A statement of it runs."""
    WAITS = "waits"
    """A statement of it waits for a lock."""
    IDLES = "idles"
    """It has a transaction open, and asks nothing."""


@dataclass(frozen=True)
class Client:
    """One of the server's clients."""

    pid: int
    """Of the process that serves it; 0: there is none, it is a prepared transaction."""
    application: str
    """What it calls itself; empty where it does not."""


@dataclass(frozen=True)
class Busy:
    """A client that is at something."""

    client: Client
    doing: Doing
    lasting: timedelta
    waits_for: Sequence[Client] = ()
    """Who holds the lock, or waits in front of it."""


@dataclass(frozen=True)
class Activity:
    """What goes on in a database."""

    busy: Sequence[Busy]
    """The longest first."""
    unseen: int
    """Sessions of other logins, of which this one may not see what they do."""


async def activity(session: asyncpg.Connection[asyncpg.Record]) -> Activity:
    """What other clients of this database do; what the server does by itself, as autovacuum, is left out."""
    found = [
        Busy(
            Client(row["pid"], row["application"]),
            Doing(row["doing"]),
            row["lasting"],
            [Client(*one) for one in zip(row["pids"], row["applications"], strict=True)],
        )
        for row in await session.fetch(_BUSY)
    ]
    return Activity(found, await session.fetchval(_UNSEEN))
