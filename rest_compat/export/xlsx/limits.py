"""What a sheet of Excel can hold. Source: Microsoft, "Excel specifications and limits"."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from rest_compat.problems import Fault, Kind, bad_input

MAX_ROWS: Final = 1_048_575
"""Below the headings."""
MAX_TEXT: Final = 32_767
"""In units of UTF-16."""
CUT: Final = "\N{HORIZONTAL ELLIPSIS} [cut]"
"""The mark at the end of a text that was too long."""
MAX_NAME: Final = 31
_ELLIPSIS: Final = "\N{HORIZONTAL ELLIPSIS}"
_NOT_AT_ENDS: Final = "' "
_NOT_IN_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_NOT_IN_XML: Final = str.maketrans(dict.fromkeys("\ufffe\uffff", "\N{REPLACEMENT CHARACTER}"))
_RESERVED: Final = "history"


def check_rows(count: int) -> None:
    """Raises: Problem, for more rows than a sheet can have."""
    if count > MAX_ROWS:
        told = (
            f"An xlsx sheet holds {MAX_ROWS:,} rows, and there are {count:,} or more."
            " Narrow the period or the filter, or take csv, ndjson or parquet."
        )
        raise bad_input([Fault("format", told)], Kind.IMPOSSIBLE_INPUT)


def text_of(text: str) -> str:
    """A text as a cell can hold it."""
    if "\ufffe" in text or "\uffff" in text:
        text = text.translate(_NOT_IN_XML)
    if len(text) * 2 <= MAX_TEXT or _units(text) <= MAX_TEXT:
        return text
    encoded = text.encode("utf-16-le")[: 2 * (MAX_TEXT - len(CUT))]
    return encoded.decode("utf-16-le", errors="ignore") + CUT


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def sheet_name(title: str, taken: Container[str]) -> str:
    """A name for a sheet, other than those that are taken (in lower case), as near to a title as it can be."""
    wanted = " ".join(title.translate(_NOT_IN_NAMES).split()).strip("' ") or "Sheet"
    ends = ["", *(f" ({n})" for n in range(2, 1000))]
    names = (shortened(wanted, MAX_NAME - len(end)) + end for end in ends)
    return next(name for name in names if name.lower() not in taken and name.lower() != _RESERVED)


def shortened(name: str, length: int) -> str:
    """A name of at most a length, cut between words where there are any."""
    if len(name) <= length:
        return name
    words = name[:length].rpartition(" ")[0].rstrip(_NOT_AT_ENDS + ",;:")
    return f"{words or name[: length - 1].rstrip(_NOT_AT_ENDS)}{_ELLIPSIS}"
