"""The demo's viewers, one a role, and a bearer token for each: for whoever asks, so of a store of demo data alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from db.access import Realm, Role, Viewer
from schema.identity import Identity

VIEWERS: Final = (
    Viewer("demo-admin", Role.ADMIN),
    Viewer("demo-manager", Role.MANAGER),
    Viewer("demo-team-lead", Role.TEAM_LEAD, teams=("billing",)),
    Viewer("demo-agent", Role.AGENT, agent="A-07"),
    Viewer("demo-analyst", Role.ANALYST),
    Viewer("demo-client", Role.CLIENT, organization="O-001"),
)
GOOD_DAYS: Final = 30
"""How long a token is good for at least."""
_SCOPES: Final[Mapping[Realm, str]] = {
    Realm.ALL: "everything",
    Realm.TEAMS: "team",
    Realm.SELF: "agent",
    Realm.ORGANIZATION: "organization",
}


@dataclass(frozen=True)
class DemoToken:
    """A token, and whom it stands for."""

    viewer: Viewer
    token: str = field(repr=False)
    expires_at: datetime

    @property
    def scope(self) -> str:
        """Whose rows it opens, in words."""
        return " ".join((_SCOPES[self.viewer.realm], *self.viewer.scope.ids))


def demo_tokens(identity: Identity, clock: Callable[[], datetime]) -> list[DemoToken]:
    """A token for each of the demo's viewers: the same all day long, from whichever process.

    Raises: SetupFault, where tokens come from a provider.
    """
    day = clock().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    ttl = timedelta(days=GOOD_DAYS + 1)
    at_midnight = replace(identity, clock=day.timestamp)
    return [DemoToken(viewer, at_midnight.issue(viewer, ttl), day + ttl) for viewer in VIEWERS]
