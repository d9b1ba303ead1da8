"""What of the rights that `db.grants` lists the server's roles do not have: taken away by hand, or never granted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from db.engine import Engine
from db.grants import CALLABLE, LISTED
from db.statement import Statement
from db.walls import READER, READER_OF_ALL, Walls

_PRIVILEGE: Final = re.compile(r"(\w+)(?: \(([^)]*)\))?(?:, |$)")


def _wanted() -> Iterator[tuple[str, str, str, str]]:
    """Role, table, privilege, and the column it is of; empty where it is of all."""
    for role, listed in LISTED.items():
        for table, privileges in listed.items():
            for privilege, columns in _PRIVILEGE.findall(privileges):
                for column in columns.split(", "):
                    yield role, table, privilege, column


_TABLES: Final = Statement(
    "SELECT w.role, w.name, w.privilege FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])"
    " AS w(role, name, privilege, attribute)"
    " JOIN pg_class AS c ON c.relname = w.name AND c.relnamespace = 'deskgraph'::regnamespace"
    " LEFT JOIN pg_roles AS r ON r.rolname = w.role"
    " WHERE NOT coalesce(CASE w.attribute WHEN '' THEN has_table_privilege(r.oid, c.oid, w.privilege)"
    " ELSE has_column_privilege(r.oid, c.oid, w.attribute, w.privilege) END, false)"
    " GROUP BY w.role, w.name, w.privilege ORDER BY w.role, w.name, w.privilege",
    tuple(map(list, zip(*_wanted(), strict=True))),
    planned_once=None,
)
_FUNCTIONS: Final = Statement(
    "SELECT w.role, f.name, 'EXECUTE' AS privilege FROM unnest($1::text[]) AS w(role)"
    " CROSS JOIN unnest($2::text[]) AS f(name)"
    " WHERE NOT has_function_privilege(w.role, 'deskgraph.' || f.name, 'EXECUTE') ORDER BY w.role, f.name",
    ([READER, READER_OF_ALL], list(CALLABLE)),
    planned_once=None,
)


async def missing_rights(engine: Engine) -> list[str]:
    """What is missing, such as `SELECT on facts of deskgraph_reader`; nothing, where there is no second wall.

    Raises: Unavailable.
    """
    if engine.settings.walls is not Walls.BOTH:
        return []
    async with engine.snapshot() as snapshot:
        found = [*await snapshot.fetch(_TABLES), *await snapshot.fetch(_FUNCTIONS)]
    return [f"{row['privilege']} on {row['name']} of {row['role']}" for row in found]
