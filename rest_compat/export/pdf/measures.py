"""How wide the columns of a table have to be and may be, and which of them a page has room for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rest_compat.export.pdf.fonts import Glyphs

PORTRAIT_EM: Final = 61.6
LANDSCAPE_EM: Final = 92.4
"""The width of a page's text, in ems of a table's type: 17.4 and 26.1 cm, 8 pt."""
GAP_EM: Final = 1.2
"""Between columns."""
_BOLD: Final = 1.07
"""How much wider headings are than the same text in cells."""
_ROUNDING_EM: Final = 0.15
_WORD_EM: Final = 12.0
"""A longer word may be broken."""
_NAME_EM: Final = 10.0
"""A longer text may be wrapped."""
_TEXT_EM: Final = 34.0
"""A longer text is wrapped, whatever room there is."""
_SOFT_BREAK: Final = "\N{ZERO WIDTH SPACE}"


@dataclass(frozen=True)
class Width:
    """How narrow a column can be, and how wide it wants to be."""

    least_em: float
    wanted_em: float


def width_of(glyphs: Glyphs, heading: str, cells: Sequence[str], *, wraps: bool) -> Width:
    """The widths of a column; cells that do not wrap are numbers, whose headings still do."""
    word = max((glyphs.width_em(one) * _BOLD for one in heading.split()), default=0.0)
    widest = max((glyphs.width_em(one) for one in set(cells)), default=0.0) + _ROUNDING_EM
    title = glyphs.width_em(heading) * _BOLD
    if not wraps:
        return Width(max(word, widest), max(word, widest, min(title, 2 * word)))
    wanted = min(max(widest, min(title, 12.0)), _TEXT_EM)
    words = (glyphs.width_em(one) for cell in set(cells) for one in cell.split())
    longest = min(max(words, default=0.0) + _ROUNDING_EM, _WORD_EM)
    return Width(min(wanted, max(longest, word, _NAME_EM)), wanted)


def total_em(widths: Sequence[float]) -> float:
    """The width of a table."""
    return sum(widths) + GAP_EM * max(len(widths) - 1, 0)


def shared_em(widths: Sequence[Width], room_em: float) -> list[float]:
    """The columns' widths: as wide as they want where there is room, else what is free shared out by want."""
    wanted, least = [one.wanted_em for one in widths], [one.least_em for one in widths]
    if total_em(wanted) <= room_em:
        return wanted
    free, missing = room_em - total_em(least), sum(wanted) - sum(least)
    part = max(free, 0.0) / missing if missing else 0.0
    return [low + (high - low) * part for low, high in zip(least, wanted, strict=True)]


def breakable(glyphs: Glyphs, text: str, width_em: float) -> str:
    """A text whose words that are wider than their column can be broken anywhere."""
    if glyphs.width_em(text) <= width_em:
        return text
    words = re.split(r"(\s+)", text)
    return "".join(_SOFT_BREAK.join(one) if glyphs.width_em(one) > width_em else one for one in words)
