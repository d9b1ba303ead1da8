"""The capability matrix, transcribed by hand from the contract: the tests' own, not the product's."""

from __future__ import annotations

from typing import Final

from db.access import Role

_ROLES: Final = (Role.ADMIN, Role.MANAGER, Role.TEAM_LEAD, Role.AGENT, Role.ANALYST, Role.CLIENT)
_TABLE: Final = """
    reports:summary:read         yes yes yes yes yes yes
    reports:performance:read     yes yes yes yes yes yes
    reports:trends:read          yes yes yes yes yes yes
    reports:agents:read          yes yes yes yes yes no
    csat:score:read              yes yes yes yes yes yes
    csat:agent:read              yes yes yes yes no  no
    csat:comment:read            yes yes yes yes no  yes
    agents:identity:read         yes yes yes yes no  no
    organizations:identity:read  yes yes yes yes no  yes
    tickets:detail:read          yes yes yes yes yes yes
    reports:export:create        yes yes yes no  yes yes
    queries:adhoc:run            yes yes yes yes yes no
    system:operate:run           yes no  no  no  no  no
tickets:ingest:create        no  no  no  no  no  no
"""

MATRIX: Final[dict[str, frozenset[Role]]] = {
    line.split()[0]: frozenset(role for role, word in zip(_ROLES, line.split()[1:], strict=True) if word == "yes")
    for line in _TABLE.strip().splitlines()
}
"""Capability -> the roles that have it."""
DIMENSIONS: Final = ("category", "priority", "channel", "status", "team", "agent", "organization", "tag")
"""What can be filtered by."""
FILTERS: Final[dict[str, str]] = {"agent": "agents:identity:read", "organization": "organizations:identity:read"}
"""What naming a value of a dimension needs."""
RATINGS: Final = ("csatScore", "ratingRate")
FORMATS: Final = ("csv", "json", "ndjson")


def may(role: Role, *capabilities: str) -> bool:
    """Whether a role has all of some capabilities."""
    return all(role in MATRIX[capability] for capability in capabilities)
