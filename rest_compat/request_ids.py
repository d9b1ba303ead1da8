"""The name of one request, which the caller's log and ours share."""

from __future__ import annotations

import re
import secrets
from typing import Any, Final

from starlette.requests import HTTPConnection

from rest_compat.headers import first_header

_SANE: Final = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


def request_id(request: HTTPConnection) -> str:
    """The caller's X-Request-Id, where it is fit for a log; else one of ours. The same all through a request.

    A middleware that has already named the request left the name in the scope's state.
    """
    state: dict[str, Any] = request.scope.setdefault("state", {})
    if "request_id" not in state:
        given = first_header(request, b"x-request-id") or ""
        state["request_id"] = given if _SANE.fullmatch(given) else secrets.token_hex(8)
    return str(state["request_id"])
