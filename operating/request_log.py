"""A line of the log for each request.

No token stands in one, nor a subject's name: who asked is a digest, the same for the same person, that only who holds
the signing secret could try out.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from contextvars import Context
from functools import lru_cache
from typing import Any, Final

from operating.logs import FIELDS
from operating.served import HEALTH, PAGE, Served

_requests: Final = logging.getLogger("deskgraph.requests")
_QUIET: Final = frozenset({HEALTH, PAGE})


_GATHERED_SECONDS: Final = 1.0
"""How long those that are turned away are counted before a line tells of them."""


class RequestLog:
    """Writes a line for each request: what the API did as information, pages and health checks to find faults.

    Those that are turned away have a line together: there are many when there is the least time to write.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._digest = lru_cache(maxsize=10_000)(self._worked_out)
        self._turned_away = 0
        """Since the last line of them."""

    def served(self, one: Served) -> None:
        """Tells of a request."""
        if one.is_turned_away:
            if not self._turned_away:
                # In a context of its own: the line is of no one request.
                loop = asyncio.get_running_loop()
                loop.call_later(_GATHERED_SECONDS, self._tell_turned_away, context=Context())
            self._turned_away += 1
            return
        level = logging.DEBUG if one.door in _QUIET else logging.INFO if one.status < 500 else logging.WARNING
        if not _requests.isEnabledFor(level):
            return
        milliseconds = round(one.seconds * 1000, 1)
        fields: dict[str, Any] = {
            "requestId": one.request_id,
            "door": one.door,
            "operation": one.operation,
            "status": one.status,
            "outcome": one.outcome,
            "ms": milliseconds,
            "statements": one.statements,
        }
        if one.viewer is not None:
            fields |= {"role": one.viewer.role.value, "viewer": self._digest(one.viewer.issuer, one.viewer.subject)}
        if one.is_kept is not None:
            fields["kept"] = one.is_kept
        if one.read_from is not None:
            fields["readFrom"] = one.read_from
        line = "%s %s: %d %s in %s ms"
        told = (one.door, one.operation or "-", one.status, one.outcome, milliseconds)
        _requests.log(level, line, *told, extra={FIELDS: fields})

    def _tell_turned_away(self) -> None:
        count, self._turned_away = self._turned_away, 0
        _requests.warning("%d requests were turned away: no room", count, extra={FIELDS: {"turnedAway": count}})

    def _worked_out(self, issuer: str | None, subject: str) -> str:
        text = f"{issuer or ''}\0{subject}".encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, text, hashlib.sha256)[:8].hex()
