"""Reads PDFs back by a library that did not write them, and says in a way of its own how numbers should look."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

import pypdf

from rest_compat.export.content import Column, Kind

NOTHING: Final = "\N{EN DASH}"


def plain(text: str) -> str:
    """A text without line ends, with one kind of space and none of the places where a long word may break."""
    return re.sub(r"\s+", " ", text.replace("\N{ZERO WIDTH SPACE}", "")).strip()


@dataclass(frozen=True)
class Read:
    """A PDF as its reader finds it."""

    pdf: pypdf.PdfReader

    @classmethod
    def of(cls, file: bytes) -> Read:
        """A file's."""
        return cls(pypdf.PdfReader(io.BytesIO(file), strict=True))

    @cached_property
    def pages(self) -> list[str]:
        """The text of each page."""
        return [plain(page.extract_text()) for page in self.pdf.pages]

    @cached_property
    def text(self) -> str:
        """The text of all pages, without what stands at the foot of each."""
        return " ".join(page.rpartition("As of ")[0] for page in self.pages)

    def has(self, text: str) -> bool:
        """Whether a text stands in it, as words of its own."""
        words = (_broken(word) for word in plain(text).split())
        return re.search(rf"(?<![\w.,+-]){' '.join(words)}(?![\w%])", self.text) is not None

    def fonts(self) -> set[str]:
        """The fonts inside."""
        resources = [page["/Resources"].get_object() for page in self.pdf.pages]
        fonts = [font.get_object() for one in resources for font in one.get("/Font", {}).get_object().values()]
        return {str(font["/BaseFont"]) for font in fonts}

    def tags(self) -> set[str]:
        """The kinds of its structure elements."""
        return set(_tags(self.pdf.trailer["/Root"]["/StructTreeRoot"]))

    def left_out(self, label: str) -> bool:
        """Whether it says that it leaves a column out."""
        return re.search(rf"(Left out: |; |, ){re.escape(label)}(,| \()", self.text) is not None


def _broken(word: str) -> str:
    """The pattern of a word that may go on in the next line, where it is long."""
    return (" ?" if len(word) > 15 else "").join(re.escape(one) for one in word)


def _tags(element: Any) -> Iterator[str]:
    found = element.get_object() if hasattr(element, "get_object") else element
    if isinstance(found, list):
        for one in found:
            yield from _tags(one)
    elif isinstance(found, dict):
        if "/S" in found:
            yield str(found["/S"])
        yield from _tags(found.get("/K"))


def english(column: Column, cell: Any, unit: str | None = None) -> str:
    """A cell as an English reader expects it."""
    unit = unit or column.unit
    if cell is None:
        return NOTHING
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, str):
        return _instant(cell) if column.kind is Kind.INSTANT else cell
    if column.key in ("from", "to"):
        return _edge(cell)
    if unit == "seconds":
        return _duration(cell)
    if unit == "ratio":
        return f"{cell:+,.1%}" if column.key.endswith("change") and round(cell, 3) else f"{cell:,.1%}"
    if column.key == "month":
        return date(2000, cell, 1).strftime("%B")
    return f"{cell:,.0f}" if column.kind is Kind.WHOLE or unit in ("tickets", "events") else f"{cell:,.2f}"


def missing_numbers(read: Read, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The numbers of some rows that stand nowhere in a PDF, of all columns that it does not leave out."""
    shown = [one for one in columns if one.kind in (Kind.WHOLE, Kind.NUMBER) and not read.left_out(one.label)]
    wanted = {english(one, row[one.key], _unit(one, row)) for row in rows for one in shown if row[one.key] is not None}
    return sorted(one for one in wanted if not read.has(one))


def row_text(columns: Sequence[Column], row: Mapping[str, Any], words: Mapping[Any, str]) -> str:
    """A row's cells, one after the other."""
    cells = (words.get((one.key, row[one.key])) or english(one, row[one.key], _unit(one, row)) for one in columns)
    return " ".join(cells)


def _unit(column: Column, row: Mapping[str, Any]) -> str | None:
    return row[column.unit_key] if column.unit_key else None


def _instant(text: str) -> str:
    at = datetime.fromisoformat(text)
    day = f"{at:%b} {at.day}, {at.year}"
    return day if len(text) == 10 else f"{day} {at.hour % 12 or 12}:{at:%M} {at:%p}"


def _edge(seconds: int) -> str:
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _duration(seconds: float) -> str:
    if seconds < 59.5:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    hours = round(seconds / 3600)
    large, small, units = (
        (0, minutes, ("", "min"))
        if minutes < 60
        else (*divmod(minutes, 60), ("h", "min"))
        if minutes < 1440
        else (*divmod(hours, 24), ("d", "h"))
    )
    return " ".join(f"{n} {unit}" for n, unit in ((large, units[0]), (small, units[1])) if n)
