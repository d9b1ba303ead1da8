"""The login by which what portals send is written: what it may do, looked at before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from db.errors import SetupFault
from db.single import connected
from db.walls import INTAKE

_LOOK: Final = """
SELECT session_user::text AS name,
  coalesce((SELECT pg_has_role(session_user, oid, 'MEMBER') FROM pg_roles WHERE rolname = $1), false) AS takes_role,
  coalesce(
    (SELECT has_database_privilege(oid, current_database(), 'TEMPORARY') FROM pg_roles WHERE rolname = $1), false
  ) AS makes_temporary,
  EXISTS (
    SELECT FROM pg_roles AS r WHERE pg_has_role(session_user, r.oid, 'MEMBER') AND r.rolname NOT IN ($1, session_user)
  ) OR EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace('deskgraph')
    AND pg_has_role(session_user, relowner, 'MEMBER')) AS may_more
"""
"""A superuser is a member of every role."""


@dataclass(frozen=True)
class IntakeLogin:
    """A login, and what it may do."""

    name: str
    takes_role: bool
    """Whether it may take on the role that writes."""
    makes_temporary: bool
    """Whether that role may make temporary tables, in which rows wait."""
    may_more: bool
    """Whether it may do anything else."""

    def require(self) -> None:
        """Raises: SetupFault, where it cannot write."""
        if not self.takes_role:
            raise SetupFault(
                f"The login {self.name}, which is to write what portals send, may not take on {INTAKE}. Run "
                f"`deskgraph migrate`, then GRANT {INTAKE} TO {self.name}; (docs/sources/push.md)."
            )
        if not self.makes_temporary:
            raise SetupFault(
                f"{INTAKE} may make no temporary tables in this database, in which what portals send waits. Run GRANT "
                f"TEMPORARY ON DATABASE <the database of DESKGRAPH_INTAKE_URL> TO {INTAKE}; (docs/sources/push.md)."
            )


async def look(dsn: str) -> IntakeLogin:
    """The login of a DSN.

    Raises: Unavailable, where the database is away or refuses it.
    """
    async with connected(dsn, "DESKGRAPH_INTAKE_URL") as connection:
        (found,) = await connection.fetch(_LOOK, INTAKE)
        return IntakeLogin(*found)
