"""A JSON array as rows: each entry with the line on which it begins, in little memory however long the file is."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import IO, Any, Final

from db.errors import SetupFault
from db.sources.checks import BadCell
from db.sources.rowplan import printable

_PIECE: Final = 1 << 20
_LONGEST: Final = 64 << 20
"""Unit: characters of one entry."""
_GAP: Final = re.compile(r"[\s,]*")


def is_array(content: IO[bytes]) -> bool:
    """Whether a JSON file is one array, not an object a line; the file stands at its beginning afterwards."""
    lead = content.read(1_024).removeprefix(codecs.BOM_UTF8).lstrip()
    content.seek(0)
    return lead.startswith(b"[")


def array_objects(content: IO[bytes]) -> Iterator[tuple[int, dict[str, Any] | BadCell]]:
    """The objects of the array.

    Raises: SetupFault, for a file that is no JSON array to its end.
    """
    window = _Window(content)
    window.take("[")
    while not window.is_at("]"):
        line, value = window.entry()
        is_object = isinstance(value, dict)
        yield line, value if is_object else BadCell("not a JSON object; each entry is one", text=printable(str(value)))


class _Window:
    """The piece of the file that is being decoded."""

    def __init__(self, content: IO[bytes]) -> None:
        self._reader = codecs.getreader("utf-8-sig")(content)
        self._decoder = json.JSONDecoder()
        self._text = ""
        self._place = 0
        self._line = 1

    def take(self, sign: str) -> None:
        """Goes past a sign."""
        if not self.is_at(sign):
            raise SetupFault(f"The JSON file does not begin with {sign!r}.")
        self._place += len(sign)

    def is_at(self, sign: str) -> bool:
        """Whether that sign comes next, past all that separates entries."""
        while True:
            found = _GAP.match(self._text, self._place)
            end = found.end() if found else self._place
            self._line += self._text.count("\n", self._place, end)
            self._place = end
            if end < len(self._text):
                return self._text.startswith(sign, end)
            if not self._more():
                raise SetupFault(f"The JSON array breaks off at line {self._line}. Check that the file is whole.")

    def entry(self) -> tuple[int, Any]:
        """The next entry with its line."""
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._place)
            except ValueError as fault:
                if len(self._text) - self._place < _LONGEST and self._more():
                    continue
                raise SetupFault(f"The entry of the JSON array at line {self._line} is not JSON: {fault}.") from None
            line = self._line
            self._line += self._text.count("\n", self._place, end)
            self._place = end
            return line, value

    def _more(self) -> bool:
        """Whether there was more of the file; the part that was decoded goes."""
        piece = self._reader.read(max(_PIECE, len(self._text) - self._place))
        self._text = self._text[self._place :] + piece
        self._place = 0
        return bool(piece)
