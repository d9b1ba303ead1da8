"""What the server's roles may do in the database: deny by default, and the one list of what is granted.

Roles belong to a whole cluster, and its databases share them; grants belong to one database. Both are made again,
to the same end, by every `deskgraph migrate`, by the owner of the tables.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from db.errors import SetupFault
from db.walls import INTAKE, KEEPER, READER, READER_OF_ALL, RECORDER, WORKER

GRANTED: Final[Mapping[str, str]] = {
    "alembic_version": "SELECT",
    "data_version": "SELECT",
    "organizations": "SELECT",
    "teams": "SELECT",
    "categories": "SELECT",
    "tags": "SELECT",
    "agents": "SELECT (id, external_id, name, team_id, active)",  # not their e-mail addresses
    "tickets": "SELECT",
    "ratings": "SELECT",
    "facts": "SELECT",
    "rollup_zones": "SELECT",
    "rollup_agent": "SELECT",
    "rollup_agent_bins": "SELECT",
    "sync_sources": (
        "SELECT (name, kind, state, as_of, began_at, failed_at, stale_after_seconds, failures, rejects, error,"
        " warning, skew_seconds, rows_new, rows_changed, tickets_deleted)"
    ),
}
"""What the readers may do with each table; with one that is not here, nothing."""
OF_EVERYTHING: Final = tuple(
    table
    for cuboid in ("total", "status", "category", "hour", "topic")
    for table in (f"rollup_{cuboid}", f"rollup_{cuboid}_bins")
)
"""What only the reader of everything may read: sums over rows of which others may see some."""
OF_AUDIT_LOG: Final[Mapping[str, str]] = {READER_OF_ALL: "SELECT", RECORDER: "INSERT"}
"""What each role may do with the audit log: only who sees everything reads it, and who adds to it does nothing else."""
OF_HOLDERS: Final[Mapping[str, str]] = {
    "saved_reports": "SELECT, INSERT, DELETE, UPDATE (name, page, query, export_order, updated_at)",
    "export_jobs": "SELECT, INSERT, UPDATE (state, finished_at)",
    "export_chunks": "SELECT",
    "holders": "SELECT, INSERT, UPDATE (claims, seen_at)",
    "schedules": (
        "SELECT, INSERT, DELETE, UPDATE (saved_report, format, every, weekday, month_day, at_time, zone, emails,"
        " folder, active, paused_since, next_due_at, updated_at)"
    ),
    "deliveries": "SELECT, UPDATE (state, attempts, next_attempt_at)",
}
"""What the keeper alone may do with what viewers keep; the database shows it the transaction's viewer's own."""
OF_WORK: Final[Mapping[str, str]] = {
    "export_jobs": (
        "SELECT, DELETE, UPDATE (state, rows_done, rows_total, bytes, error_code, error_message, attempts, worker,"
        " lease_until, file_name, media_type, started_at, finished_at, expires_at)"
    ),
    "export_chunks": "SELECT, INSERT, DELETE",
    "saved_reports": "SELECT (id, name, export_order)",
    "holders": "SELECT",
    "schedules": "SELECT, UPDATE (next_due_at, paused_since)",
    "deliveries": (
        "SELECT, INSERT, DELETE, UPDATE (state, attempts, next_attempt_at, worker, lease_until, error_code,"
        " error_message, bytes, file_name, delivered_at)"
    ),
}
"""What the workers may do with what waits to be made, or is due, of everybody."""
_REPLACED: Final = "SELECT, INSERT, DELETE"
OF_INTAKE: Final[Mapping[str, str]] = {
    "data_version": "SELECT, UPDATE (version, changed_at)",
    **dict.fromkeys(("organizations", "teams", "categories", "tags", "agents"), "SELECT, INSERT, UPDATE"),
    **dict.fromkeys(("tickets", "ticket_events", "ratings", "facts"), _REPLACED),
    **dict.fromkeys(("sla_policies", "calendars"), _REPLACED),
    **dict.fromkeys((*OF_EVERYTHING, "rollup_agent", "rollup_agent_bins"), _REPLACED),
    "rollup_zones": "SELECT, UPDATE (made_as, first_day, is_ready)",
    "import_runs": "SELECT (id), INSERT",
    "sync_sources": (
        "SELECT, INSERT, UPDATE (kind, state, checkpoint, as_of, began_at, stale_after_seconds, failures, rejects,"
        " error, skew_seconds, rows_new, rows_changed, tickets_deleted)"
    ),
    "sync_rejects": f"{_REPLACED}, UPDATE",
}
"""What who writes for portals may do: with what an import writes, and with nothing else."""
_SEQUENCES_OF_INTAKE: Final = "GRANT SELECT, UPDATE ON SEQUENCE deskgraph.{} TO " + INTAKE
LISTED: Final[Mapping[str, Mapping[str, str]]] = {
    READER: GRANTED,
    READER_OF_ALL: {**GRANTED, **dict.fromkeys(OF_EVERYTHING, "SELECT"), "audit_log": OF_AUDIT_LOG[READER_OF_ALL]},
    RECORDER: {"audit_log": OF_AUDIT_LOG[RECORDER]},
    KEEPER: OF_HOLDERS,
    WORKER: OF_WORK,
    INTAKE: OF_INTAKE,
}
"""What each role may do with each table, whole."""
CALLABLE: Final = ("scope_ids(text)", "api_key(text, bytea)")
"""The functions that the server may call; PUBLIC, too, may call no other of the schema."""

SERVER: Final = "deskgraph_server"
"""The embedded server's own login."""
SENDER: Final = "deskgraph_sender"
"""The embedded server's login that writes what portals send."""

_SERVING: Final = (READER, READER_OF_ALL, RECORDER, KEEPER, WORKER)
_LOGINS: Final[Mapping[str, Sequence[str]]] = {SERVER: _SERVING, SENDER: (INTAKE,)}
_ROLES: Final = (*_SERVING, INTAKE)
_ALL: Final = ", ".join(_ROLES)
_READERS: Final = f"{READER}, {READER_OF_ALL}"
_EVERY_ROW: Final = "every_row"
"""The policy of the role that reads every row."""
_EVERY_WRITE: Final = "every_write"
"""The policy of the role that writes what portals send."""
TABLES: Final = "SELECT relname FROM pg_class WHERE relnamespace = 'deskgraph'::regnamespace AND relkind IN ('r', 'p')"
_SEQUENCES: Final = "SELECT relname FROM pg_class WHERE relnamespace = 'deskgraph'::regnamespace AND relkind = 'S'"
_TABLES_OF_POLICY: Final = "SELECT tablename FROM pg_policies WHERE schemaname = 'deskgraph' AND policyname = :policy"


def ensure_roles(connection: Connection) -> None:
    """Makes the server's roles where they are missing, and lets the owner take them on.

    Raises: SetupFault, with what to run, where the owner may do neither.
    """
    for role in _ROLES:
        if not _exists(connection, role):
            _tried(connection, f"CREATE ROLE {role} NOLOGIN")  # another database's migration may come first
        if not _tried(connection, f"SET LOCAL ROLE {role}"):
            _tried(connection, f"GRANT {role} TO CURRENT_USER")
        if not _tried(connection, f"SET LOCAL ROLE {role}"):
            raise SetupFault(_by_hand(connection))
        connection.execute(text("RESET ROLE"))


def _exists(connection: Connection, role: str) -> bool:
    return bool(connection.scalar(text("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :role)"), {"role": role}))


def _tried(connection: Connection, sql: str) -> bool:
    try:
        with connection.begin_nested():
            connection.execute(text(sql))
    except DBAPIError:
        return False
    return True


def _by_hand(connection: Connection) -> str:
    owner = connection.scalar(text("SELECT quote_ident(current_user)"))
    made = "\n".join(f"    CREATE ROLE {role} NOLOGIN;" for role in _ROLES if not _exists(connection, role))
    return (
        f"The server works as the roles {_ALL}, and {owner} may neither make them nor take them on. Have "
        "somebody who may create roles run this once for the whole cluster, then migrate again:\n"
        + (f"{made}\n" if made else "")
        + f"    GRANT {_ALL} TO {owner};\n"
        "Where no one can, DESKGRAPH_DATABASE_WALLS=statement goes without the second wall (docs/security.md)."
    )


def grant(connection: Connection) -> None:
    """Takes everything in the schema from PUBLIC and the reading roles, then gives what is listed and there."""
    tables = set(connection.scalars(text(TABLES)))
    walled = set(connection.scalars(text(f"{TABLES} AND relrowsecurity")))
    walled -= {*connection.scalars(text(_TABLES_OF_POLICY), {"policy": _EVERY_ROW})}
    known = text("SELECT to_regprocedure('deskgraph.' || :name) IS NOT NULL")
    functions = [name for name in CALLABLE if connection.scalar(known, {"name": name})]
    for sql in _statements(tables, walled, functions):
        connection.execute(text(sql))
    _open_to_intake(connection)


def _open_to_intake(connection: Connection) -> None:
    own = ("ticket_ids", *(f"{table}_id_seq" for table in OF_INTAKE))
    for sequence in sorted({*connection.scalars(text(_SEQUENCES))} & {*own}):
        connection.execute(text(_SEQUENCES_OF_INTAKE.format(sequence)))
    walled = {*connection.scalars(text(f"{TABLES} AND relrowsecurity"))} & OF_INTAKE.keys()
    open_ = sorted(walled - {*connection.scalars(text(_TABLES_OF_POLICY), {"policy": _EVERY_WRITE})})
    if open_:  # all at once: who has read one of them and asks for another would be in a deadlock with one by one
        names = ", ".join(f"deskgraph.{table}" for table in open_)
        connection.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))
    for table in open_:
        connection.execute(text(f"CREATE POLICY {_EVERY_WRITE} ON deskgraph.{table} TO {INTAKE} USING (true)"))


def take_back(connection: Connection) -> None:
    """Takes everything in the schema from the reading roles that there are: before migrations go down."""
    for role in _ROLES:
        if _exists(connection, role):
            connection.execute(text(f"REVOKE ALL ON ALL TABLES IN SCHEMA deskgraph FROM {role}"))
            connection.execute(text(f"REVOKE ALL ON ALL ROUTINES IN SCHEMA deskgraph FROM {role}"))
            connection.execute(text(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA deskgraph FROM {role}"))
    for policy in (_EVERY_ROW, _EVERY_WRITE):
        for table in connection.scalars(text(_TABLES_OF_POLICY), {"policy": policy}).all():
            connection.execute(text(f"DROP POLICY {policy} ON deskgraph.{table}"))


def _statements(tables: set[str], walled: set[str], functions: Sequence[str]) -> Iterator[str]:
    for kind in ("ALL TABLES IN SCHEMA", "ALL SEQUENCES IN SCHEMA", "ALL ROUTINES IN SCHEMA", "SCHEMA"):
        yield f"REVOKE ALL ON {kind} deskgraph FROM PUBLIC, {_ALL}"
    yield f"GRANT USAGE ON SCHEMA deskgraph TO {_ALL}"
    for role, listed in LISTED.items():
        for table in sorted(listed.keys() & tables):
            yield f"GRANT {listed[table]} ON deskgraph.{table} TO {role}"
    for table in sorted(walled - OF_HOLDERS.keys()):
        yield f"CREATE POLICY {_EVERY_ROW} ON deskgraph.{table} FOR SELECT TO {READER_OF_ALL} USING (true)"
    for table in sorted(walled & OF_WORK.keys()):
        yield f"CREATE POLICY {_EVERY_ROW} ON deskgraph.{table} TO {WORKER} USING (true)"
    for function in functions:
        yield f"GRANT EXECUTE ON FUNCTION deskgraph.{function} TO {_READERS}"


async def give_login(owner: str, login: str = SERVER) -> str:
    """The DSN of a login that can do nothing but take on its roles, with a new password each time.

    For a server of our own alone: the DSN given before stops working.
    """
    password = secrets.token_urlsafe(24)
    connection = await asyncpg.connect(owner)
    try:
        async with connection.transaction():
            if not await connection.fetchval("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", login):
                await connection.execute(f"CREATE ROLE {login} NOINHERIT")
            roles = ", ".join(_LOGINS[login])
            await connection.execute(f"ALTER ROLE {login} LOGIN PASSWORD '{password}'; GRANT {roles} TO {login}")
    finally:
        await connection.close()
    parts = urlsplit(owner)
    return urlunsplit(parts._replace(netloc=f"{login}:{password}@{parts.netloc.rpartition('@')[2]}"))
