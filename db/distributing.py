"""Declares which tables lie where, on a coordinator with Citus: `deskgraph migrate --distributed`.

All in one transaction: either every table is placed, or none is moved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import asyncpg

from db.distribution import COLUMN, PLACED, Placement, declarations
from db.errors import SetupFault
from db.models import SCHEMA
from db.single import connected

_HAS_CITUS: Final = "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')"
_IS_KNOWN: Final = "SELECT EXISTS (SELECT FROM pg_dist_node WHERE groupid = 0)"
_DECLARED: Final = (
    "SELECT c.relname, t.citus_table_type, t.distribution_column FROM citus_tables AS t"
    " JOIN pg_class AS c ON c.oid = t.table_name WHERE c.relnamespace = 'deskgraph'::regnamespace"
)


async def require_citus(dsn: str) -> None:
    """Refuses a database whose tables cannot be placed.

    Raises: SetupFault, with what to do; Unavailable.
    """
    async with connected(dsn) as session:
        if not await session.fetchval(_HAS_CITUS):
            raise SetupFault(
                "The database has no Citus, so its tables stay in one piece; nothing was changed. Install it on the "
                "coordinator and on every worker (shared_preload_libraries), run CREATE EXTENSION citus in this "
                "database on each, then again. Without --distributed, `deskgraph migrate` sets up one machine."
            )
        if not await session.fetchval(_IS_KNOWN):
            raise SetupFault(
                "The coordinator does not know itself, so it could not read its own tables beside those of all "
                "machines; nothing was changed. Run SELECT citus_set_coordinator_host('<its name>'); on it, then again."
            )


async def distribute(dsn: str) -> Sequence[str]:
    """Places the tables of a migrated store that are not placed yet. Gives back the statements that did it.

    Raises: SetupFault, where a table lies otherwise or Citus refuses; Unavailable.
    """
    async with connected(dsn) as session, session.transaction():
        declared = _checked(await session.fetch(_DECLARED))
        done = list(declarations(declared))
        for sql in done:
            try:
                await session.execute(sql)
            except asyncpg.PostgresError as fault:
                raise SetupFault(f"Nothing was changed, because Citus refuses `{sql}`: {fault}") from fault
        return done


def _checked(rows: Sequence[asyncpg.Record]) -> Mapping[str, Placement]:
    """What is placed already.

    Raises: SetupFault, where it lies otherwise than it has to.
    """
    declared: dict[str, Placement] = {}
    for name, kind, column in rows:
        if kind not in (Placement.DISTRIBUTED.value, Placement.REFERENCE.value):
            continue
        placement = Placement(kind)
        expected = PLACED.get(name, Placement.LOCAL)
        if placement is not expected or (placement is Placement.DISTRIBUTED and column != COLUMN):
            raise SetupFault(
                f"{SCHEMA}.{name} lies as {kind} by {column}, and has to lie as {expected.value}; nothing was changed. "
                f"Run SELECT undistribute_table('{SCHEMA}.{name}'); then again."
            )
        declared[name] = placement
    return declared
