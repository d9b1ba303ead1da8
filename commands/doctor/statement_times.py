"""What is to be said of the statements that were slow lately: pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from commands.doctor.findings import SEE_ALL, Finding, fine, unknown, warning
from db.statement_times import FEW, Counting, SlowStatement, StatementTimes
from settings import Settings

SLOW_MS: Final = 500
"""What is slow where DESKGRAPH_SLOW_MS is 0, which tells the log nothing."""
_SUBJECT: Final = "slow statements"
_LENGTH: Final = 160
"""Of a text that is shown."""
_TABLE: Final = re.compile(r'\bdeskgraph"?\."?(\w+)|\b(facts|rollup_\w+)\b', re.I)
_WRITES: Final = re.compile(r"\b(insert\s+into|update|delete\s+from|merge\s+into)\s", re.I)
_LEFT: Final = re.compile(
    r"(?P<comment>/\*.*?\*/|--[^\n]*)|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$|'(?:[^']|'')*'|(?<![\w$.])\d[\d.]*", re.S
)
"""Comments, and values: the extension keeps a text as it was sent if it had to forget it while it ran."""
_LOG: Final = "until then the log's `deskgraph.slow` has the slow statements of the gateway (DESKGRAPH_SLOW_MS)"
NOT_COUNTED: Final[Mapping[Counting, tuple[str, str]]] = {
    Counting.NOT_SHIPPED: (
        "This PostgreSQL has no extension pg_stat_statements, which counts what statements take.",
        "The log's `deskgraph.slow` has the slow statements of the gateway (DESKGRAPH_SLOW_MS); a server of your own"
        " has the extension by its package of contributed modules.",
    ),
    Counting.NOT_MADE: (
        "The extension pg_stat_statements, which counts what statements take, is not in this database.",
        "Add it to shared_preload_libraries, restart PostgreSQL, then run CREATE EXTENSION pg_stat_statements here as a"
        f" superuser; {_LOG}.",
    ),
    Counting.NOT_LOADED: (
        "The extension pg_stat_statements is in this database, and PostgreSQL runs without it.",
        f"Add pg_stat_statements to shared_preload_libraries and restart PostgreSQL; {_LOG}.",
    ),
    Counting.OUTDATED: (
        "The extension pg_stat_statements is an old version's in this database.",
        f"Run ALTER EXTENSION pg_stat_statements UPDATE; {_LOG}.",
    ),
    Counting.UNREADABLE: (
        "The extension pg_stat_statements is not open to this login, or did not answer in time.",
        f"GRANT SELECT on the view to it; {_LOG}.",
    ),
}


def slow_ms(settings: Settings) -> int:
    """What is slow. Unit: milliseconds."""
    return settings.slow_ms or SLOW_MS


def of_statement_times(found: StatementTimes, bound_ms: int) -> Iterator[Finding]:
    """A finding of each slow statement, or that there is none; and what could not be seen."""
    if found.counting is not Counting.COUNTED:
        yield unknown(_SUBJECT, *NOT_COUNTED[found.counting])
        return
    since = f"since {found.since:%Y-%m-%d %H:%M} UTC" if found.since is not None else "so far"
    for one in found.slow:
        yield _of(one, since, bound_ms)
    if found.unseen:
        told = f"What {found.unseen} statements of other logins are, this one may not see."
        yield unknown(_SUBJECT, told, SEE_ALL)
    elif not found.slow:
        told = f"None of the store that ran {FEW} times took more than {bound_ms:,} ms on average, {since}."
        yield fine(_SUBJECT, told)


def _of(one: SlowStatement, since: str, bound_ms: int) -> Finding:
    bare = without_values(one.text)
    text = bare if len(bare) <= _LENGTH else f"{bare[:_LENGTH]}..."
    told = (
        f"{one.calls:,} took {one.mean_ms:,.0f} ms each, more than {bound_ms:,}, and {one.total_ms / 1000:,.1f} s in"
        f" all, {since}; of the kind that {kind_of(bare)}: {text}"
    )
    remedy = (
        "See the findings on rollups, indexes, tables and statistics; `deskgraph explain` says why a report reads facts"
        " (docs/performance.md). pg_stat_statements_reset() begins to count anew."
    )
    return warning(_SUBJECT, told, remedy, text)


def without_values(text: str) -> str:
    """A statement in one line, without comments and values."""
    return " ".join(_LEFT.sub(lambda found: " " if found["comment"] else "?", text).split())


def kind_of(bare: str) -> str:
    """Such as `reads facts, tickets`, of a statement without values: nothing of anybody."""
    tables = sorted({(named or alone).lower() for named, alone in _TABLE.findall(bare)})
    return f"{'writes, by' if _WRITES.search(bare) else 'reads'} {', '.join(tables)}"
