"""Whether each replica answers, is a copy of the primary, and how far behind it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from commands.doctor.findings import Finding, fault, fine, warning
from db.errors import Unavailable
from db.version import Version, Versions
from settings import Settings

_READ: Final = "Until then reports are read from the others, or from the primary."
_SILENT: Final = f"Start it, or mend its URL in DESKGRAPH_REPLICA_URLS, its login and its network. {_READ}"
_OTHER: Final = f"Make it anew as a copy of DESKGRAPH_DATABASE_URL, or leave it out of DESKGRAPH_REPLICA_URLS. {_READ}"
_BEHIND: Final = f"Where that stays: see pg_stat_replication at the primary, and pg_last_wal_replay_lsn() here. {_READ}"


async def of_replicas(primary: str, settings: Settings) -> AsyncIterator[Finding]:
    """Asks the primary, then each replica, for the version of the store."""
    asked = Versions(primary, settings.database_walls)
    try:
        version = await asked.current()
    except Unavailable:  # which another finding says
        return
    finally:
        await asked.close()
    for name, dsn in settings.replicas.items():
        yield await _of(name, Versions(dsn, settings.database_walls), version)


async def _of(name: str, versions: Versions, primary: Version) -> Finding:
    try:
        seen = await versions.current()
    except Unavailable:
        return fault(name, "It does not tell the store's version, and is not read.", _SILENT)
    finally:
        await versions.close()
    if seen.number == primary.number and seen != primary:
        return fault(name, f"It numbers another state of a store as {seen.number}, too: it is no copy.", _OTHER)
    if seen.number < primary.number:
        told = f"It is at version {seen.number} of the store, the primary was at {primary.number} just before."
        return warning(name, told, _BEHIND)
    return fine(name, f"It is at version {seen.number} of the store, as the primary is.")
