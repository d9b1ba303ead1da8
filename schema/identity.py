"""Tokens: who asks, proven by a signed JWT (HS256), and made for `deskgraph token`.

Source: RFC 7519; RFC 8725 (the algorithm is fixed, never read from the token).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from db.access import Role, Viewer
from db.errors import Unauthenticated

_ALGORITHMS: Final = ["HS256"]
_TELL: Final = "Send the header `Authorization: Bearer <token>`; `deskgraph token --role manager` makes one."


@dataclass(frozen=True)
class Identity:
    """Checks and makes tokens."""

    secret: str = field(repr=False)
    leeway_seconds: int = 30

    @property
    def _key(self) -> OctKey:
        return OctKey.import_key(self.secret)

    def viewer(self, authorization: str | None) -> Viewer:
        """The viewer that an Authorization header proves.

        Raises: Unauthenticated.
        """
        kind, _, token = (authorization or "").partition(" ")
        if not authorization:
            raise Unauthenticated(f"No token was sent. {_TELL}")
        if kind.lower() != "bearer" or not token.strip():
            raise Unauthenticated(f"The Authorization header is not `Bearer <token>`. {_TELL}")
        return self._viewer_of(token.strip())

    def _viewer_of(self, token: str) -> Viewer:
        try:
            decoded = jwt.decode(token, self._key, algorithms=_ALGORITHMS)
            registry = jwt.JWTClaimsRegistry(
                leeway=self.leeway_seconds, exp={"essential": True}, sub={"essential": True}
            )
            registry.validate(decoded.claims)
        except (JoseError, ValueError) as error:
            reason = "has expired" if getattr(error, "error", "") == "expired_token" else "does not hold"
            raise Unauthenticated(f"The token {reason}. {_TELL}") from None
        return _viewer(decoded.claims)

    def issue(self, viewer: Viewer, ttl: timedelta) -> str:
        """A signed token for a viewer, good for a time."""
        now = int(time.time())
        claims: dict[str, Any] = {
            "sub": viewer.subject,
            "role": viewer.role.value,
            "iat": now,
            "exp": now + int(ttl.total_seconds()),
        }
        if viewer.agent:
            claims["agent"] = viewer.agent
        if viewer.teams:
            claims["teams"] = list(viewer.teams)
        if viewer.organization:
            claims["organization"] = viewer.organization
        return jwt.encode({"alg": _ALGORITHMS[0]}, claims, self._key)


def _viewer(claims: dict[str, Any]) -> Viewer:
    roles = {role.value: role for role in Role}
    role = roles.get(_text(claims, "role") or "")
    if role is None:
        raise Unauthenticated(f"The token's claim `role` must be one of {', '.join(roles)}.")
    teams = claims.get("teams", [])
    if not isinstance(teams, list) or not all(isinstance(team, str) and team for team in teams):
        raise Unauthenticated("The token's claim `teams` must be a list of ids.")
    return Viewer(
        subject=_text(claims, "sub") or "",
        role=role,
        agent=_text(claims, "agent"),
        teams=tuple(teams),
        organization=_text(claims, "organization"),
    )


def _text(claims: dict[str, Any], name: str) -> str | None:
    value = claims.get(name)
    if value is None or isinstance(value, str):
        return value
    raise Unauthenticated(f"The token's claim `{name}` must be a string.")
