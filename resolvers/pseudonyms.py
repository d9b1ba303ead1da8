"""Names for those whom a viewer may not know: stable for an installation and a role, and telling nothing."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final

from db.access import Role
from db.directory import Entity
from db.query import Dimension

DIGITS: Final = 16
"""64 bits: among a million things, two have the same pseudonym in one of 37 million installations."""


@dataclass(frozen=True)
class Pseudonyms:
    """The pseudonyms of one role in one installation.

    A code is a keyed digest (HMAC-SHA-256) of role, dimension and id: without the key it can neither be turned back nor
    checked against a guess, and those of two roles or two installations cannot be joined.
    """

    key: bytes = field(repr=False)
    role: Role

    def of(self, dimension: Dimension, entity: Entity) -> Entity:
        """An entity under its pseudonym."""
        text = f"{self.role.value}:{dimension.value}:{entity.id}".encode()
        code = hmac.new(self.key, text, hashlib.sha256).hexdigest()[:DIGITS]
        name = dimension.value
        return Entity(f"{name}-{code}", f"{name.capitalize()} {code}", entity.active, entity.team)
