"""A request's headers as the server has them: read without making the mapping that starlette offers.

Of a kept answer, that would be a tenth of the work.
"""

from __future__ import annotations

from starlette.requests import HTTPConnection


def first_header(request: HTTPConnection, name: bytes) -> str | None:
    """The first header of a name (in lower case); None where there is none."""
    for key, value in request.scope["headers"]:
        if key == name:
            return str(value.decode("latin-1"))
    return None


def all_headers(request: HTTPConnection, name: bytes) -> list[str]:
    """All headers of a name (in lower case), in order."""
    return [value.decode("latin-1") for key, value in request.scope["headers"] if key == name]
