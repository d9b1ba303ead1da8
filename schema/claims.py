"""What a token claims about its holder, under the names that the provider uses, and the viewer that it makes.

A claim's name is taken as it stands, dots and slashes included (`role`, `https://example.org/role`); one that begins
with `/` is a JSON Pointer and steps into objects (`/realm_access/role`).
Source: RFC 6901.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from db.access import Role, Viewer
from db.errors import Unauthenticated

Claims = dict[str, Any]
_LAST: Final = int(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp())


@dataclass(frozen=True)
class ClaimNames:
    """Which claim says what."""

    subject: str = "sub"
    role: str = "role"
    agent: str = "agent"
    teams: str = "teams"
    organization: str = "organization"


def viewer_of(claims: Claims, names: ClaimNames) -> Viewer:
    """The viewer whom claims describe, whose registered ones were checked.

    Raises: Unauthenticated, naming the claim that is missing or wrong.
    """
    subject = _text(claims, names.subject)
    if not subject:
        raise Unauthenticated(f"The token's claim `{names.subject}` must say who its holder is; it says nothing.")
    return Viewer(
        subject=subject,
        role=_role(claims, names.role),
        agent=_text(claims, names.agent),
        teams=_teams(claims, names.teams),
        organization=_text(claims, names.organization),
        issuer=_text(claims, "iss"),
        expires_at=_instant(claims.get("exp")),
    )


def _instant(seconds: Any) -> datetime | None:
    """The instant of a claim's seconds since the epoch; of those past the last that can be told, that one."""
    return datetime.fromtimestamp(min(seconds, _LAST), UTC) if seconds is not None else None


def claims_of(viewer: Viewer, names: ClaimNames) -> Claims:
    """The claims that describe a viewer, beside the registered ones; `viewer_of` reads them back."""
    said: list[tuple[str, Any]] = [
        (names.subject, viewer.subject),
        (names.role, viewer.role.value),
        (names.agent, viewer.agent),
        (names.teams, list(viewer.teams)),
        (names.organization, viewer.organization),
    ]
    claims: Claims = {}
    for name, value in said:
        if value:
            *outer, last = _steps(name)
            inside = claims
            for step in outer:
                inside = inside.setdefault(step, {})
            inside[last] = value
    return claims


def _steps(name: str) -> list[str]:
    if not name.startswith("/"):
        return [name]
    return [step.replace("~1", "/").replace("~0", "~") for step in name[1:].split("/")]


def _claim(claims: Claims, name: str) -> Any:
    found: Any = claims
    for step in _steps(name):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _role(claims: Claims, name: str) -> Role:
    """The role; of a list, as providers keep them, the one that is known here."""
    roles = {role.value: role for role in Role}
    value = _claim(claims, name)
    said = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
    known = sorted({one for one in said if one in roles})
    if len(known) != 1:
        told = f"it names {' and '.join(known)}" if known else "it names none"
        raise Unauthenticated(f"The token's claim `{name}` must name one of {', '.join(roles)}; {told}.")
    return roles[known[0]]


def _teams(claims: Claims, name: str) -> tuple[str, ...]:
    value = _claim(claims, name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(team, str) and team for team in value):
        raise Unauthenticated(f"The token's claim `{name}` must be a list of ids.")
    return tuple(value)


def _text(claims: Claims, name: str) -> str | None:
    value = _claim(claims, name)
    if value is None or isinstance(value, str):
        return value
    raise Unauthenticated(f"The token's claim `{name}` must be a string.")
