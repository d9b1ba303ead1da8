"""From a content to its PDF: its rows are read, laid out, and set by typst in a process of its own from data alone."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from contextlib import aclosing
from datetime import datetime
from pathlib import Path
from typing import Final

import orjson

from rest_compat.export.content import Cells, Content, Part
from rest_compat.export.options import Options
from rest_compat.export.pdf import fonts, limits, pages
from rest_compat.export.pdf.figures import Figures, locale_of
from rest_compat.export.pdf.layout import Shape, layout_of
from rest_compat.export.pdf.tables import Filled, Setter
from rest_compat.problems import Kind, Problem

_AT_ONCE: Final = 2
_TIME_LIMIT_SECONDS: Final = 300
_TYPESETTER: Final = Path(__file__).with_name("typesetting.py")
_at_once = asyncio.Semaphore(_AT_ONCE)


async def document(content: Content, options: Options) -> bytes:
    """The file.

    Raises: Problem, for more than a PDF holds, and for a locale that is not known.
    """
    setting = await setting_of(content, options)
    async with _at_once:
        return await _set(setting)


async def setting_of(content: Content, options: Options) -> bytes:
    """What the typesetter is given, as JSON: its data, where the fonts are, when it was made.

    Raises: Problem, for more than a PDF holds, and for a locale that is not known.
    """
    figures = Figures(locale_of(options.language))
    limits.check_rows(content.total or 0)
    filled = await _filled(content)
    return await asyncio.to_thread(_setting_of, content, filled, figures)


def _setting_of(content: Content, filled: Sequence[Filled], figures: Figures) -> bytes:
    glyphs = fonts.glyphs()
    setter = Setter(figures, glyphs)
    sections = [pages.section_of(one, setter) for one in filled]
    limits.check_rows(sum(section.rows for section in sections))
    report = orjson.dumps(pages.data_of(content, sections, figures, glyphs))
    if len(report) > limits.MAX_TEXT_BYTES:
        raise limits.too_large("Its texts are longer than a PDF of this gateway holds")
    made = datetime.fromisoformat(dict(content.cover)["Made"])
    given = {
        "report": report.decode(),
        "fonts": [str(folder) for folder in fonts.folders()],
        "timestamp": int(made.timestamp()),
    }
    return orjson.dumps(given)


async def _filled(content: Content) -> list[Filled]:
    """The parts, with their rows."""
    return [Filled(part, await _rows(part), layout_of(part)) for part in content.parts]


async def _rows(part: Part) -> list[Cells]:
    is_listed = layout_of(part).shape is Shape.ROWS
    rows: list[Cells] = []
    async with aclosing(part.batches()) as batches:
        async for batch in batches:
            rows += batch
            if is_listed:
                limits.check_rows(len(rows))
    return rows


async def _set(data: bytes) -> bytes:
    """The document. The process that sets it does not outlive this call.

    Raises: Problem, where it takes too long.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", str(_TYPESETTER)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(_TIME_LIMIT_SECONDS):
            pdf, said = await process.communicate(data)
    except TimeoutError:
        raise Problem(
            Kind.TIMEOUT, f"The PDF was not set within {_TIME_LIMIT_SECONDS} seconds. Ask for less."
        ) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise RuntimeError(f"the typesetter ended with {process.returncode}: {said.decode(errors='replace')}")
    return pdf
