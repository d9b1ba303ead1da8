"""JSON: the very answer of the GET route; of a report without one, the envelope and its rows as objects."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

import orjson

from rest_compat.export.content import Content
from rest_compat.export.options import Options


async def write(content: Content, _: Options) -> AsyncGenerator[bytes]:
    """The file, in pieces."""
    if content.whole is not None:
        yield orjson.dumps(content.whole)
        return
    keys = [column.key for column in content.table.columns]
    head = orjson.dumps({**content.head, content.report: {"total": content.total}})
    yield head[:-2] + b',"rows":['
    before = b""
    async with aclosing(content.table.batches()) as batches:
        async for batch in batches:
            rows = (orjson.dumps(dict(zip(keys, row, strict=True))) for row in batch)
            yield before + b",".join(rows)
            before = b","
    yield b"]}}"
