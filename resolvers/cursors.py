"""Cursors: where a page ends, and which list it is of, as a text that says nothing to its reader."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from typing import Any

import orjson


def mark_of(parts: Sequence[Any]) -> str:
    """What a cursor must share with the list it is used on."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=9).hexdigest()


def written(mark: str, place: Sequence[Any]) -> str:
    """The cursor of a place."""
    return base64.urlsafe_b64encode(orjson.dumps([mark, *place])).decode().rstrip("=")


def read(cursor: str, mark: str) -> list[Any]:
    """The place of a cursor.

    Raises: ValueError, for what is no cursor, or one of another list.
    """
    found = orjson.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    if not isinstance(found, list) or found[:1] != [mark]:
        raise ValueError("a cursor of another list")
    return found[1:]
