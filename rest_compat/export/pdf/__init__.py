"""PDF: a report to hand on, with its key metrics, charts and tables, in figures and dates of the reader's locale."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from rest_compat.export.content import Content
from rest_compat.export.options import Options
from rest_compat.export.pdf.limits import check_rows

__all__ = ["check", "check_rows", "write"]


async def check(content: Content, options: Options) -> None:
    """Reads and lays out a content that is not to be made now.

    Raises: Problem, for more than a PDF holds, and for a locale that is not known.
    """
    from rest_compat.export.pdf.writing import setting_of

    await setting_of(content, options)


async def write(content: Content, options: Options) -> AsyncGenerator[bytes]:
    """The file, in one piece.

    Raises: Problem, for more than a PDF holds, and for a locale that is not known.
    """
    from rest_compat.export.pdf.writing import document  # what it is made with is loaded where one is asked for

    yield await document(content, options)
