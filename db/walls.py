"""The database's two walls, as the reading side sees them: under which role a transaction reads, and whose rows.

The first wall is the scope in every compiled statement. The second stands in the database: a role that may only
read, and row-level security that compares each row with the scope its transaction was opened with. What the roles
may do is in `db.grants`, the policies are in the migrations; why: docs/decisions/0010-two-walls.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Final

from db.access import Realm, Scope, Viewer
from db.errors import SetupFault
from db.statement import Statement


class Walls(Enum):
    """What keeps a viewer to its rows."""

    BOTH = "both"
    """The statement's scope, and the database's role and row-level security."""
    STATEMENT = "statement"
    """The statement's scope alone: where the database cannot have the second wall."""


READER: Final = "deskgraph_reader"
"""The role that reads the rows of the scope that its transaction was opened with; of none, no row."""
READER_OF_ALL: Final = "deskgraph_reader_of_all"
"""The role that reads every row: for viewers whose realm is everything."""
RECORDER: Final = "deskgraph_recorder"
"""The role that adds to the audit log, and can do nothing else."""
KEEPER: Final = "deskgraph_keeper"
"""The role that reads and writes what viewers keep: of each transaction, its viewer's own."""
RECORDING: Final = f"SET LOCAL ROLE {RECORDER}"
"""What a transaction that adds to the audit log begins with, behind both walls."""
WORKER: Final = "deskgraph_worker"
"""The role that makes what waits to be made: it sees all exports that were asked for, and no ticket."""
INTAKE: Final = "deskgraph_intake"
"""The role that writes what portals send. No other login of the server's may take it on, and it none of theirs."""
READING_ALL: Final = f"SET ROLE {READER_OF_ALL}"
"""What a connection begins with that asks what is nobody's own: the store's version, and when a next fact counts."""
PURGING: Final = "SET LOCAL deskgraph.audit_purge = 'on'"
"""What a transaction of the owner that removes old records begins with: the table refuses every other."""
SETTING: Final = "deskgraph.scope"
"""Where a transaction keeps its scope: a JSON object of one realm, with the ids of the source."""

HOLDER: Final = "deskgraph.holder"
"""Where a transaction keeps whose own things it may touch: a JSON object of issuer and subject."""

_MAY_BECOME: Final = (
    "coalesce((SELECT pg_has_role(session_user, oid, 'MEMBER') FROM pg_roles WHERE rolname = {}), false)"
)
SECOND_WALL: Final = Statement(
    "SELECT row_security_active('deskgraph.facts') AS stands,"
    f" {_MAY_BECOME.format('$1')} AS records, {_MAY_BECOME.format('$2')} AS keeps, {_MAY_BECOME.format('$3')} AS works",
    (RECORDER, KEEPER, WORKER),
    planned_once=None,
)
"""Whether row-level security holds for whoever asks, and whether its login may write what the server writes."""

_BEGIN: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


def opening(scope: Scope | None, walls: Walls) -> str:
    """What opens a snapshot, in one round trip: the transaction, its role and its scope; None sees no ticket's row."""
    if walls is Walls.STATEMENT:
        return _BEGIN
    if scope is None:
        return f"{_BEGIN}; SET LOCAL ROLE {READER}"
    if scope.realm is Realm.ALL:
        return f"{_BEGIN}; SET LOCAL ROLE {READER_OF_ALL}"
    return f"{_BEGIN}; SET LOCAL ROLE {READER}; SET LOCAL {SETTING} = {_literal({scope.realm.value: scope.ids})}"


def keeping(viewer: Viewer, walls: Walls) -> str:
    """What opens a transaction that may write what the viewer keeps, and nothing else.

    Raises: BadInput, for a subject that cannot be stored.
    """
    begin = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
    if walls is Walls.STATEMENT:
        return begin
    issuer, subject = viewer.holder
    told = _literal({"issuer": issuer, "subject": subject})
    return f"{begin}; SET LOCAL ROLE {KEEPER}; SET LOCAL {HOLDER} = {told}"


def working(walls: Walls) -> str:
    """What opens a transaction that may write what waits to be made, and nothing else."""
    begin = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
    return begin if walls is Walls.STATEMENT else f"{begin}; SET LOCAL ROLE {WORKER}"


def taking_in(walls: Walls) -> str:
    """What a connection begins with that writes what portals send, and may do nothing else."""
    return "" if walls is Walls.STATEMENT else f"SET ROLE {INTAKE}"


def _literal(told: Mapping[str, Any]) -> str:
    """JSON as SQL has it: ASCII without a control character; SET takes no parameter, so the quotes are doubled here."""
    return "'" + json.dumps(told).replace("'", "''") + "'"


def check_second_wall(found: Sequence[Any], walls: Walls) -> None:
    """Refuses a database whose second wall is not what the settings say, by the rows of SECOND_WALL.

    Raises: SetupFault.
    """
    if found[0]["stands"] is not (walls is Walls.BOTH):
        raise SetupFault(_MISMATCH[walls])
    if walls is Walls.BOTH and not found[0]["records"]:
        raise SetupFault(
            "The server's login may not write the audit log, so exports and denials could not be answered. Run "
            f"GRANT {RECORDER} TO <the login of DESKGRAPH_READER_URL>; (docs/security.md)."
        )
    if walls is Walls.BOTH and not found[0]["keeps"]:
        raise SetupFault(
            "The server's login may not write saved reports. Run "
            f"GRANT {KEEPER} TO <the login of DESKGRAPH_READER_URL>; (docs/security.md)."
        )
    if walls is Walls.BOTH and not found[0]["works"]:
        raise SetupFault(
            "The server's login may not make exports that wait. Run "
            f"GRANT {WORKER} TO <the login of DESKGRAPH_READER_URL>; (docs/security.md)."
        )


_MISMATCH: Final[Mapping[Walls, str]] = {
    Walls.BOTH: (
        "The server was to read behind row-level security, and this database has none on its tables: it is "
        "distributed (Citus), or was not migrated. Run `deskgraph migrate`; on Citus set "
        "DESKGRAPH_DATABASE_WALLS=statement (docs/security.md)."
    ),
    Walls.STATEMENT: (
        "DESKGRAPH_DATABASE_WALLS=statement leaves the database's second wall out, and the server's login is not the "
        "tables' owner: row-level security would show it no row. Set DESKGRAPH_DATABASE_WALLS=both, or serve with the "
        "owner's DESKGRAPH_DATABASE_URL (docs/security.md)."
    ),
}
