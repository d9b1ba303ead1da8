"""NDJSON: the answer's envelope on the first line, then the rows of the report's flat table, one object a line."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

import orjson

from rest_compat.export.content import Content
from rest_compat.export.options import Options
from rest_compat.reshape import Json


async def write(content: Content, _: Options) -> AsyncGenerator[bytes]:
    """The file, in pieces."""
    keys = [column.key for column in content.table.columns]
    yield _line(content.head)
    async with aclosing(content.table.batches()) as batches:
        async for batch in batches:
            yield b"".join(_line(dict(zip(keys, row, strict=True))) for row in batch)


def _line(value: Json) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
