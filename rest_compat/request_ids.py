"""The name of one request, which the caller's log and ours share."""

from __future__ import annotations

import os
import re
from typing import Any, Final

from starlette.requests import HTTPConnection

from rest_compat.headers import first_header

HEADER: Final = b"x-request-id"
_SANE: Final = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


def request_id(request: HTTPConnection) -> str:
    """The caller's X-Request-Id, where it is fit for a log; else one of ours. The same all through a request.

    A middleware that has already named the request left the name in the scope's state.
    """
    state: dict[str, Any] = request.scope.setdefault("state", {})
    known: str | None = state.get("request_id")
    if known is None:
        given = first_header(request, HEADER)
        known = given if given is not None and _SANE.fullmatch(given) else os.urandom(8).hex()
        state["request_id"] = known
    return known


def named(request: HTTPConnection) -> tuple[bytes, bytes]:
    """The header that tells a request's name."""
    return HEADER, request_id(request).encode("latin-1")
