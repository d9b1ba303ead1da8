"""Which of the store's statements were slow, as the server's extension pg_stat_statements counts them.

Source: https://www.postgresql.org/docs/current/pgstatstatements.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

import asyncpg

FEW: Final = 5
"""How often a statement has run at least, for its mean to say something."""
_SHOWN: Final = 3
_WHERE: Final = """
    SELECT e.extnamespace IS NOT NULL AS is_made, quote_ident(n.nspname) AS schema
    FROM pg_available_extensions AS a
    LEFT JOIN pg_extension AS e ON e.extname = a.name
    LEFT JOIN pg_namespace AS n ON n.oid = e.extnamespace
    WHERE a.name = 'pg_stat_statements'
"""
# The texts of SET and the like hold values; an import names its tables without their schema.
_SLOW: Final = """
    SELECT min(query) AS text, sum(calls)::bigint AS calls, sum(total_exec_time)::float8 AS total_ms
    FROM {schema}.pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND query ~* '^(\\s|\\(|--[^\\n]*\\n|/\\*([^*]|\\*[^/])*\\*/)*(select|with|insert|update|delete|merge)\\M'
        AND query ~* 'deskgraph"?\\.|\\m(facts|rollup_\\w+)\\M'
    GROUP BY queryid HAVING sum(calls) >= $1 AND sum(total_exec_time) / sum(calls) > $2
    ORDER BY total_ms DESC LIMIT $3
"""
_SEEN: Final = """
    SELECT (SELECT stats_reset FROM {schema}.pg_stat_statements_info) AS since,
        count(*) FILTER (WHERE queryid IS NULL) AS unseen
    FROM {schema}.pg_stat_statements(false)
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class Counting(Enum):
    """Whether the server counts statements, and this login may see it."""

    COUNTED = "counted"
    NOT_SHIPPED = "not shipped"
    """The server has no such extension, as the embedded one."""
    NOT_MADE = "not made"
    """It has, and not in this database."""
    NOT_LOADED = "not loaded"
    """It is in this database, and the server was started without it."""
    OUTDATED = "outdated"
    """It is that of PostgreSQL 13 or before, and was never brought up to date."""
    UNREADABLE = "unreadable"
    """This login may not read it, or it takes too long."""


@dataclass(frozen=True)
class SlowStatement:
    """Statements that differ in their values alone."""

    text: str
    """With `$1` where values stood, nearly always: private."""
    calls: int
    total_ms: float

    @property
    def mean_ms(self) -> float:
        """What one took."""
        return self.total_ms / self.calls


@dataclass(frozen=True)
class StatementTimes:
    """What the server has counted."""

    counting: Counting
    since: datetime | None = None
    unseen: int = 0
    """Statements of other logins, whose texts this one may not see."""
    slow: Sequence[SlowStatement] = ()
    """Those of the store that were slower than the bound on average: the few that took most time in all."""


_FAULTS: Final[tuple[tuple[type[Exception], Counting], ...]] = (
    (asyncpg.ObjectNotInPrerequisiteStateError, Counting.NOT_LOADED),
    (asyncpg.UndefinedColumnError, Counting.OUTDATED),
    (asyncpg.UndefinedTableError, Counting.OUTDATED),
    (asyncpg.InsufficientPrivilegeError, Counting.UNREADABLE),
    (asyncpg.QueryCanceledError, Counting.UNREADABLE),
)


async def statement_times(session: asyncpg.Connection[asyncpg.Record], slower_than_ms: int) -> StatementTimes:
    """What of the store was slower than so many milliseconds on average; outside of a transaction."""
    row = await session.fetchrow(_WHERE)
    if row is None:
        return StatementTimes(Counting.NOT_SHIPPED)
    if not row["is_made"]:
        return StatementTimes(Counting.NOT_MADE)
    try:
        seen = await session.fetchrow(_SEEN.format(schema=row["schema"]))
        slow = await session.fetch(_SLOW.format(schema=row["schema"]), FEW, float(slower_than_ms), _SHOWN)
    except tuple(kind for kind, _ in _FAULTS) as fault:
        return StatementTimes(next(counting for kind, counting in _FAULTS if isinstance(fault, kind)))
    assert seen is not None
    return StatementTimes(Counting.COUNTED, **dict(seen), slow=[SlowStatement(**one) for one in slow])
