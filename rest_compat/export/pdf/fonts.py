"""The fonts that every text is set in, the same on every machine: packages bring them, none of the system's is read."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from babel import Locale
from fontTools.ttLib import TTCollection, TTFont

_SCRIPTS: Final = (
    *("Arabic", "Hebrew", "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu", "Kannada"),
    *("Malayalam", "Sinhala", "Thai", "Lao", "Myanmar", "Khmer", "Ethiopic", "Georgian", "Armenian", "Symbols"),
)
_HAN: Final = {"ja": "JP", "ko": "KR", "zh_Hant": "TC", "zh": "SC"}
_MAIN: Final = "NotoSans[wght].ttf"
_SHAPELESS: Final = (
    *((0x00AD,), (0x034F,), (0x061C,), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F)),
    *((0x202A, 0x202E), (0x2060, 0x206F), (0x3164,), (0xFE00, 0xFE0F), (0xFEFF,), (0xFFA0,), (0xFFF0, 0xFFF8)),
    *((0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),
    *((0x2000, 0x200A), (0x202F,), (0x205F,), (0x3000,)),
)
"""Characters that need no glyph. Source: Unicode's Default_Ignorable_Code_Point, and spaces."""
_WIDE_EM: Final = 1.0
"""What a character is taken to be wide that is not in the main font."""


def folders() -> tuple[Path, ...]:
    """Where the fonts lie."""
    return tuple(Path(str(files(package))) for package in ("manimgx_fonts", "manimgx_fonts_cjk"))


def families(locale: Locale) -> list[str]:
    """The families in the order in which a character is looked for; Han characters in the reader's own forms."""
    han = _HAN.get(f"{locale.language}_{locale.script}") or _HAN.get(locale.language, "SC")
    scripts = (f"Noto Sans {script}" for script in _SCRIPTS)
    return ["Noto Sans", *scripts, f"Noto Sans CJK {han}", "Noto Emoji"]


@dataclass(frozen=True)
class Glyphs:
    """Which characters the fonts have, and how wide those of the main font are."""

    known: frozenset[int]
    advances_em: dict[str, float]

    def shown(self, text: str) -> str:
        """The text with every character that no font has told by its code point, such as [U+12000]."""
        if text.isascii() and text.isprintable():
            return text
        lines = text.replace("\r\n", "\n").replace("\t", " ")
        return "".join(one if one == "\n" or ord(one) in self.known else f"[U+{ord(one):04X}]" for one in lines)

    def width_em(self, text: str) -> float:
        """How wide a line of text is, in ems."""
        return sum(self.advances_em.get(one, _WIDE_EM) for one in text)


@cache
def glyphs() -> Glyphs:
    """The glyphs of all fonts, read once."""
    known = {code for first, *last in _SHAPELESS for code in range(first, (last or [first])[0] + 1)}
    advances: dict[str, float] = {}
    for file, font in _fonts():
        characters = font.getBestCmap()
        known |= characters.keys()
        if file.name == _MAIN:
            widths, em = font["hmtx"].metrics, font["head"].unitsPerEm
            advances = {chr(code): widths[glyph][0] / em for code, glyph in characters.items()}
    controls = {code for code in known if unicodedata.category(chr(code)) == "Cc"}
    return Glyphs(frozenset(known - controls), advances)


def _fonts() -> Iterator[tuple[Path, TTFont]]:
    for folder in folders():
        for file in sorted(folder.iterdir()):
            if file.suffix == ".ttf":
                with TTFont(file, lazy=True) as font:
                    yield file, font
            elif file.suffix == ".ttc":
                with TTCollection(file, lazy=True) as collection:
                    yield file, collection.fonts[0]
