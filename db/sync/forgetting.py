"""A source that is given up: what is known of it goes; its tickets stay, as if they had been imported."""

from __future__ import annotations

from typing import Final

from db.api_keys import SENDER
from db.errors import SetupFault
from db.single import connected
from db.sync.store import FOLLOWING

_KNOWN: Final = (
    "SELECT kind = 'push' AS is_sent, NOT pg_try_advisory_lock($2, run_id::int)"
    " OR coalesce(failed_at > clock_timestamp() - interval '1 minute', false) AS is_followed"
    " FROM deskgraph.sync_sources WHERE name = $1"
)
"""TRICKY: who follows a source that fails holds it only while it is tried, which is twice a minute at least."""
_NAMES: Final = "SELECT coalesce(string_agg(name, ', ' ORDER BY name), 'none') FROM deskgraph.sync_sources"
_KEYS: Final = (
    "SELECT string_agg('deskgraph keys revoke ' || id, '; ') FROM deskgraph.api_keys"
    " WHERE 'push-' || name = $1 AND role = $2 AND revoked_at IS NULL AND coalesce(expires_at > now(), true)"
)


async def forget(dsn: str, name: str) -> None:
    """Forgets a source: how far it was read, how it fares, its rejects.

    Raises: SetupFault, where there is none of that name, or somebody follows it or may send for it; Unavailable.
    """
    async with connected(dsn) as session:
        known = await session.fetchrow(_KNOWN, name, FOLLOWING)
        if known is None:
            names = await session.fetchval(_NAMES)
            raise SetupFault(f"There is no live source {name}. Known are: {names}.")
        if known["is_followed"]:
            raise SetupFault(
                f"The source {name} is being followed, or was tried within the last minute. Take it out of"
                " DESKGRAPH_SYNC_SOURCES, end who follows it, and try again a minute later."
            )
        keys = await session.fetchval(_KEYS, name, SENDER) if known["is_sent"] else None
        if keys is not None:
            raise SetupFault(f"The portal of {name} may still send. Revoke its keys first: {keys}.")
        await session.execute("DELETE FROM deskgraph.sync_sources WHERE name = $1", name)
