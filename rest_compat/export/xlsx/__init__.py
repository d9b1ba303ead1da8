"""XLSX: a cover, the charts, and a sheet for each part, with rows written as they come."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Final

from rest_compat.export.content import Content
from rest_compat.export.options import Options
from rest_compat.export.thread import written
from rest_compat.export.xlsx.limits import check_rows

__all__ = ["MEDIA_TYPE", "check_rows", "write"]

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def write(content: Content, _: Options) -> AsyncGenerator[bytes]:
    """The file, in pieces: the first once all of it is made.

    Raises: Problem, for more rows than a sheet can have.
    """
    from rest_compat.export.xlsx.workbook import make  # what it is made with is loaded where one is asked for

    check_rows(content.total or 0)
    async for piece in written(lambda draw: make(content, draw)):
        yield piece
