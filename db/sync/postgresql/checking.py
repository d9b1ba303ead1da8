"""What is wrong with a source file over the live portal, found before a row goes in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from db.errors import DeskgraphError
from db.sources.rows import Read, Reject, RowKind
from db.sync.findings import Findings
from db.sync.postgresql.connection import Connection, columns_of, connected, snapshot, told
from db.sync.postgresql.described import OF_TICKETS, Described, Table
from db.sync.postgresql.owners import Owners
from db.sync.postgresql.selecting import WITH_TICKET, Maker, Select

SAMPLED_ROWS: Final = 20_000
"""Of each table so many rows are tried, the newest by the watermark."""
_SCANS: Final = frozenset({"Seq Scan"})
_SMALL_ROWS: Final = 10_000
"""A table that is as small as that may well be read whole."""


async def check(described: Described) -> list[Findings]:
    """What was found, table by table; the source as a whole first."""
    whole = Findings(described.name)
    try:
        connection = await connected(described)
    except DeskgraphError as fault:
        whole.faults.append(fault.message)
        return [whole]
    try:
        await _check_rights(connection, whole)
        owners = Owners(connection)
        return [whole, *[await _checked(connection, described, table, owners) for table in described.tables]]
    finally:
        connection.terminate()


async def _check_rights(connection: Connection, findings: Findings) -> None:
    is_super = await connection.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if is_super:
        findings.warnings.append(
            "the login is a superuser; give it a role that may only read (docs/sources/postgresql.md)"
        )
        return
    writable: list[Any] = await connection.fetch(
        "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p')"
        " AND relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^(pg_|information_schema)')"
        " AND has_table_privilege(oid, 'INSERT, UPDATE, DELETE, TRUNCATE') LIMIT 5"
    )
    if writable:
        names = ", ".join(row[0] for row in writable)
        findings.warnings.append(f"the login may write ({names}); it never does, but one that may only read is safer")


async def _checked(connection: Connection, described: Described, table: Table, owners: Owners) -> Findings:
    findings = Findings(table.name)
    try:
        with told(described.name):
            async with snapshot(connection):
                select = Select(table, await columns_of(connection, table), described.mapping)
                await _try_rows(connection, select, findings, owners)
                await _check_watermark(connection, select, findings)
                await _check_lookup(connection, select, findings)
    except DeskgraphError as fault:
        findings.faults += fault.message.splitlines()
    return findings


async def _try_rows(connection: Connection, select: Select, findings: Findings, owners: Owners) -> None:
    """Makes rows of a sample, as a pass would, and counts what would be rejected and why."""
    order = f" ORDER BY {select.watermark.quoted} DESC NULLS FIRST" if select.table.watermark else ""
    found = await connection.fetch(f"{select.rows()}{order} LIMIT {SAMPLED_ROWS}")
    keys: list[str] = []
    rows = await _judged(Maker(select).made(((row[0] or "", row[1:]) for row in found), keys), found, select, owners)
    findings.rows = len(found)
    findings.reject([row for row in rows if isinstance(row, Reject)])
    if len(set(keys)) < len(keys):
        findings.faults.append(
            f"[{select.table.name}] key: {select.key.name!r} has a value twice; name a column that has not"
        )


async def _judged(
    rows: list[Read | Reject], found: Sequence[Any], select: Select, owners: Owners
) -> list[Read | Reject]:
    """The rows as the store would take them: those that do not go with their ticket are rejects, too."""
    if select.table.kind is RowKind.TICKETS:
        return owners.of_tickets(rows, select)
    if select.table.kind in WITH_TICKET:
        place = 1 + select.read.index(select.table.ticket)
        await owners.ask({found[row.line][place] for row in rows if isinstance(row, Read)})
        return [owners.judged(row) for row in rows]
    return rows


async def _check_watermark(connection: Connection, select: Select, findings: Findings) -> None:
    if select.table.watermark is None:
        return
    name = select.watermark.name
    if await connection.fetchval(select.has_unmarked()):
        if select.table.kind in WITH_TICKET:
            findings.warnings.append(
                f"[{select.table.name}] watermark: {name!r} is NULL in some rows; changes of those are seen only with "
                "their ticket"
            )
        else:
            findings.faults.append(select.unmarked)
    top = await connection.fetchval(select.highest())
    statement = select.tickets_since() if select.table.kind in OF_TICKETS else select.rows_since()
    if top is not None and await _scans(connection, statement, top, 0.0):
        findings.warnings.append(
            f"[{select.table.name}] watermark: EXPLAIN reads the whole table to find what changed; "
            f"an index on {name!r} would make each pass cheap"
        )


async def _check_lookup(connection: Connection, select: Select, findings: Findings) -> None:
    if select.table.kind not in OF_TICKETS:
        return
    one = await connection.fetchval(f"SELECT {select.ticket.quoted}::text FROM ({select.table.select}\n) AS q LIMIT 1")
    if one is not None and await _scans(connection, select.rows_of(), [one]):
        findings.warnings.append(
            f"[{select.table.name}]: EXPLAIN reads the whole table to find the rows of one ticket; "
            f"an index on {select.ticket.name!r} is needed for all but small portals"
        )


async def _scans(connection: Connection, sql: str, *arguments: Any) -> bool:
    """Whether a statement would read a table whole that is not small."""
    plan = json.loads(await connection.fetchval(f"EXPLAIN (FORMAT JSON) {sql}", *arguments))
    for node in _nodes(plan[0]["Plan"]):
        if node["Node Type"] in _SCANS and await _is_large(connection, node):
            return True
    return False


async def _is_large(connection: Connection, node: dict[str, Any]) -> bool:
    rows = await connection.fetchval(
        "SELECT max(reltuples) FROM pg_class WHERE relname = $1 AND relkind IN ('r', 'p', 'm')", node["Relation Name"]
    )
    return bool(rows is not None and rows > _SMALL_ROWS)


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """All nodes of a plan."""
    return [plan, *(node for part in plan.get("Plans", []) for node in _nodes(part))]
