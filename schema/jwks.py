"""The keys that an identity provider publishes: what of a JWK Set is usable, and how it is fetched.

Source: RFC 7517; RFC 7518 (sections 3.3, 3.4, 6).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx2
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from schema.tokens import VerifyingKey

TIME_LIMIT_SECONDS: Final = 5
MAX_BYTES: Final = 256 * 1024
_MIN_MODULUS_CHARACTERS: Final = 2048 // 8 * 4 // 3
"""Of an RSA key of 2,048 bits, in base64url."""


@dataclass(frozen=True)
class _Kind:
    """What a key type is for here, and its public members; no other member is even read."""

    algorithm: str
    maker: type[RSAKey | ECKey]
    members: tuple[str, ...]


_KINDS: Final[Mapping[str, _Kind]] = {
    "RSA": _Kind("RS256", RSAKey, ("kty", "n", "e")),
    "EC": _Kind("ES256", ECKey, ("kty", "crv", "x", "y")),
}

KeysById = Mapping[str | None, VerifyingKey]
"""Keys by their id; None for one that has no id."""


class ProviderAway(Exception):
    """The provider's keys cannot be had; the text says why, for the log."""


async def fetch(url: str) -> KeysById:
    """The usable keys that an address answers with. No redirect is followed.

    Raises: ProviderAway.
    """
    try:
        async with asyncio.timeout(TIME_LIMIT_SECONDS), httpx2.AsyncClient() as client:
            return keys_of(await _body(client, url))
    except TimeoutError:
        raise ProviderAway(f"no answer within {TIME_LIMIT_SECONDS} s") from None
    except (httpx2.HTTPError, httpx2.InvalidURL) as fault:
        raise ProviderAway(f"{type(fault).__name__}: {fault}") from None


async def _body(client: httpx2.AsyncClient, url: str) -> bytes:
    # Not compressed, and read raw: what arrives is what is counted.
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    async with client.stream("GET", url, headers=headers, follow_redirects=False) as response:
        if response.status_code != 200:
            raise ProviderAway(f"status {response.status_code}, where 200 is needed")
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > MAX_BYTES:
                raise ProviderAway(f"an answer of over {MAX_BYTES} bytes")
    return bytes(body)


def keys_of(body: bytes) -> KeysById:
    """The usable keys of a JWK Set; those of other kinds, or for other uses, are passed over.

    Raises: ProviderAway, where there is none.
    """
    try:
        listed: Any = json.loads(body)["keys"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ProviderAway("an answer that is no JWK Set") from None
    entries = listed if isinstance(listed, list) else []
    found = {
        entry.get("kid"): key for entry in entries if isinstance(entry, dict) and (key := _usable(entry)) is not None
    }
    if not found:
        raise ProviderAway("a JWK Set without a key for RS256 or ES256")
    return found


def _usable(entry: dict[str, Any]) -> VerifyingKey | None:
    """The key, if it is for checking signatures by the algorithm of its kind."""
    kind = _KINDS.get(str(entry.get("kty")))
    if kind is None or entry.get("alg", kind.algorithm) != kind.algorithm or entry.get("use", "sig") != "sig":
        return None
    operations = entry.get("key_ops", ["verify"])
    if not isinstance(entry.get("kid", ""), str) or not isinstance(operations, list) or "verify" not in operations:
        return None
    members = {name: entry[name] for name in kind.members if isinstance(entry.get(name), str)}
    if len(members) < len(kind.members) or members.get("crv", "P-256") != "P-256":
        return None
    if len(members.get("n", " " * _MIN_MODULUS_CHARACTERS)) < _MIN_MODULUS_CHARACTERS:
        return None
    try:
        return VerifyingKey(kind.algorithm, kind.maker.import_key(members))
    except (JoseError, ValueError):
        return None
