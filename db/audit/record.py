"""One request as the audit log keeps it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from db.access import Viewer


class AuditMode(Enum):
    """What is recorded."""

    ALL = "all"
    REQUIRED = "required"
    """Exports, and what was denied."""


class Door(Enum):
    """Through which door a request came."""

    GRAPHQL = "graphql"
    REST = "rest"
    EXPORT = "export"


class Outcome(Enum):
    """What became of a request: OK, or the code of its error."""

    OK = "OK"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    NOT_ACCEPTABLE = "NOT_ACCEPTABLE"
    CONTENT_TOO_LARGE = "CONTENT_TOO_LARGE"
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
    QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX"
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    RATE_LIMITED = "RATE_LIMITED"
    TIMEOUT = "TIMEOUT"
    UNAVAILABLE = "UNAVAILABLE"
    CANCELLED = "CANCELLED"
    INTERNAL = "INTERNAL"
    LOST = "LOST"
    """Of no request of its own: so many records found no place while the database was away."""

    @classmethod
    def of(cls, code: str) -> Outcome:
        """The outcome of an error's code; one that is not known is INTERNAL."""
        return cls(code) if code in cls.__members__ else cls.INTERNAL


@dataclass(frozen=True)
class Record:
    """One request; or, where `requests` is more than 1, what so many have in common."""

    at: datetime
    """When the request came; aware."""
    door: Door
    operation: str
    outcome: Outcome
    request_id: str = ""
    viewer: Viewer | None = None
    document_hash: str | None = None
    """SHA-256 of the document's text, in hexadecimal."""
    variables: Mapping[str, Any] = field(default_factory=dict)
    """Without personal data (schema.redaction)."""
    rows: int = 0
    """The elements of all lists in the answer."""
    statements: int = 0
    duration_ms: int = 0
    withheld: tuple[str, ...] = ()
    """The fields that the role may not read, as dotted paths."""
    requests: int = 1
    id: str = field(default_factory=lambda: os.urandom(16).hex())
    """A random UUID in hexadecimal, made here, so that a write that is tried again adds nothing twice."""
