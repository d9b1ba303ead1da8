"""How a JWT is proven: by a key that we chose, with that key's algorithm, for our issuer and audience, in its time.

Nothing that a token says about itself is believed before its signature holds: its `kid` only picks among the keys
that we have, and its `alg` is compared with the key's, never followed.
Source: RFC 7519; RFC 8725 (sections 3.1 to 3.10).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Protocol

from joserfc import jws, jwt
from joserfc.errors import (
    BadSignatureError,
    ClaimError,
    ExpiredTokenError,
    JoseError,
    MissingClaimError,
    UnsupportedAlgorithmError,
)
from joserfc.jwk import Key, OctKey

from db.errors import Unauthenticated
from schema.claims import ClaimNames, Claims

_OWN_KEYS: Final = ("jwk", "jku", "x5u", "x5c")
"""Headers by which a token brings or names a key of its own."""
_NOT_UNDERSTOOD: Final = ("crit", "b64")
_FAULTS: Final[Mapping[str, str]] = {
    "iss": "comes from another issuer: its claim `iss` must be {issuer}",
    "aud": "is for another audience: its claim `aud` must name {audience}",
    "nbf": "does not hold yet: its claim `nbf` must be a number of seconds, and past",
    "iat": "was issued in the future: its claim `iat` must be a number of seconds, and past",
    "exp": "does not say when it expires: its claim `exp` must be a number of seconds",
}


@dataclass(frozen=True)
class VerifyingKey:
    """A key, with the one algorithm that it is for."""

    algorithm: str
    key: Key = field(repr=False)


class KeySource(Protocol):
    """Where the keys come from that tokens are checked with."""

    @property
    def advice(self) -> str:
        """Where a caller gets a token."""
        ...

    async def key(self, kid: str | None) -> VerifyingKey:
        """The key of an id.

        Raises: Unauthenticated, where there is none; Unavailable, where that cannot be known now.
        """
        ...

    def sign(self, claims: Claims) -> str:
        """A token.

        Raises: SetupFault, where tokens are not made here.
        """
        ...


@dataclass(frozen=True)
class SharedSecret:
    """One secret that signs and checks: HS256, and nothing else."""

    secret: str = field(repr=False)
    advice = "`deskgraph token --role manager` makes one."

    @cached_property
    def _key(self) -> VerifyingKey:
        return VerifyingKey("HS256", OctKey.import_key(self.secret))

    async def key(self, kid: str | None) -> VerifyingKey:
        """The secret, whatever the id."""
        return self._key

    def sign(self, claims: Claims) -> str:
        """A token."""
        return jwt.encode({"alg": self._key.algorithm}, claims, self._key.key)


@dataclass(frozen=True)
class TokenRules:
    """What a token must say, beside its signature."""

    issuer: str | None = None
    """What `iss` must be; None: not asked."""
    audience: str | None = None
    """What `aud` must name; None: a token that is for anybody in particular is refused (RFC 7519, 4.1.3)."""
    leeway_seconds: int = 30
    names: ClaimNames = field(default_factory=ClaimNames)

    def check(self, claims: Claims, now: float) -> None:
        """Checks what is registered; times within the leeway. `now`: seconds since the epoch.

        Raises: Unauthenticated, saying which claim is wrong and what it must be.
        """
        if self.audience is None and "aud" in claims:
            raise Unauthenticated("The token is for another audience: its claim `aud` must be absent here.")
        asked: dict[str, jwt.ClaimsOption] = {"exp": {"essential": True}}
        if self.issuer:
            asked["iss"] = {"essential": True, "value": self.issuer}
        if self.audience:
            asked["aud"] = {"essential": True, "value": self.audience}
        registry = jwt.JWTClaimsRegistry(now=int(now), leeway=self.leeway_seconds, **asked)
        try:
            registry.validate(claims)
        except ExpiredTokenError:
            raise Unauthenticated("The token has expired.") from None
        except MissingClaimError as fault:
            raise Unauthenticated(f"The token lacks the claim `{'`, `'.join(fault.claim.split(','))}`.") from None
        except ClaimError as fault:
            told = _FAULTS.get(fault.claim, "has an unusable claim `" + fault.claim + "`")
            raise Unauthenticated(
                f"The token {told.format(issuer=self.issuer, audience=self.audience)}.",
            ) from None

    def registered(self, now: float, seconds: float) -> Claims:
        """The registered claims of a token that holds from now for some seconds."""
        claims: Claims = {"iat": int(now), "exp": int(now + seconds)}
        if self.issuer:
            claims["iss"] = self.issuer
        if self.audience:
            claims["aud"] = self.audience
        return claims


@dataclass(frozen=True)
class Proof:
    """What a token that holds claims, and the key that proved it, by the id it was found by."""

    claims: Claims
    kid: str | None
    key: VerifyingKey


async def proven(token: str, keys: KeySource, rules: TokenRules, now: float) -> Proof:
    """What a token that holds says.

    Raises: Unauthenticated, saying why it does not, without repeating it; Unavailable.
    """
    header = _header(token)
    key = await keys.key(header.get("kid"))
    # Headers that we do not know are ignored, as RFC 7515 (4) wants; those that would matter are refused above.
    registry = jws.JWSRegistry(algorithms=[key.algorithm], strict_check_header=False)
    try:
        claims = jwt.decode(token, key.key, registry=registry).claims
    except UnsupportedAlgorithmError:
        raise Unauthenticated(f"The token is not signed by {key.algorithm}, which alone its key is for.") from None
    except BadSignatureError:
        raise Unauthenticated("The token's signature does not hold.") from None
    except (JoseError, ValueError, RecursionError):
        raise Unauthenticated("The token is no signed JWT.") from None
    rules.check(claims, now)
    return Proof(claims, header.get("kid"), key)


def _header(token: str) -> dict[str, Any]:
    """A token's header, unproven: good for choosing among our own keys, and for refusing."""
    try:
        header: Any = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError):
        header = None
    if not isinstance(header, dict) or not isinstance(header.get("kid", ""), str):
        raise Unauthenticated("The token is no signed JWT.")
    for name in _OWN_KEYS:
        if name in header:
            raise Unauthenticated(f"The token brings a key of its own (header `{name}`), which is never used.")
    for name in _NOT_UNDERSTOOD:
        if name in header:
            raise Unauthenticated(f"The token has the header `{name}`, which is not understood here.")
    return header
