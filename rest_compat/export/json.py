"""JSON: the very answer of the GET route."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from rest_compat.reshape import Json


def chunks(answer: Json) -> Iterator[bytes]:
    """The file, in pieces; only one."""
    yield orjson.dumps(answer)
