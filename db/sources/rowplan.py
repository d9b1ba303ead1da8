"""A row's plan: which cells of a source row make which values of a kind, worked out once for a file.

TRICKY: this is the import's hot path. A plan is a list of (slot, index, converter), and an empty cell is never
converted: its slot keeps the default.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from string import Formatter
from typing import Any

from db.errors import SetupFault
from db.sources.checks import BadCell, Cell, Convert, check_of, parts
from db.sources.columns import Column, Format
from db.sources.mapping_values import CellMapping, Mapping, Otherwise, TableMapping

Compose = Callable[[Sequence[str]], Any]
TEXT_LENGTH = 200
"""Unit: characters. So much of a faulty cell goes to the rejects file."""


class RowPlan:
    """Makes the rows of one kind out of the cells of one source table."""

    def __init__(self, form: Format, cells: dict[str, CellMapping], header: Sequence[str]) -> None:
        self._form = form
        self._index = {name: place for place, name in enumerate(header)}
        self._cells = cells
        self._defaults = [column.default for column in form.columns]
        self._picks: list[tuple[int, int, Convert]] = []
        self._composed: list[tuple[int, Compose]] = []
        self._required = [slot for slot, column in enumerate(form.columns) if column.required]
        self._where: int | None = None
        self._cleared: list[tuple[int, str]] = []
        self._notices: Counter[str] = Counter()
        for slot, column in enumerate(form.columns):
            if column.name in cells:
                self._add(slot, column, cells[column.name])

    def only_where(self, name: str | None) -> RowPlan:
        """The plan, which now makes no row where that column is absent."""
        self._where = None if name is None else self._form.names.index(name)
        return self

    def clearing(self, names: Sequence[str], notices: Counter[str]) -> RowPlan:
        """The plan, which now takes those instants as absent, and counts it, where they lie before the creation."""
        self._cleared = [(self._form.names.index(name), name) for name in names]
        self._notices = notices
        return self

    def _add(self, slot: int, column: Column, cell: CellMapping) -> None:
        convert = _converter(column, cell)
        if cell.value is not None:
            self._defaults[slot] = check_of(column.cell, cell.time)(cell.value)
        elif cell.template is not None:
            self._composed.append((slot, _templated(cell, convert, (self._index, column.default))))
        elif len(cell.columns) == 1:
            self._picks.append((slot, self._index[cell.columns[0]], convert))
        else:
            self._composed.append((slot, _gathered(cell, convert, self._index)))

    def row(self, cells: Sequence[str]) -> Any:
        """The row of those cells; None where there is none.

        Raises: BadCell, for the first fault, with the source's column and its text.
        """
        values = self._defaults.copy()
        slot = 0
        try:
            for slot, index, convert in self._picks:
                cell = cells[index]
                if cell:
                    values[slot] = convert(cell)
            for slot, compose in self._composed:
                values[slot] = compose(cells)
            if self._where is not None and values[self._where] is None:
                return None
            for slot in self._required:
                if values[slot] is None:
                    raise BadCell("is required and empty")
            if self._cleared:
                self._clear(values)
            self._form.check(values)
        except BadCell as fault:
            raise self.told(fault, fault.column or self._form.columns[slot].name, cells) from None
        return self._form.make(values)

    def _clear(self, values: list[Any]) -> None:
        created = values[1]
        for slot, name in self._cleared:
            at = values[slot]
            if at is not None and at < created:
                values[slot] = None
                self._notices[f"{name} lay before the ticket's creation and was taken as absent"] += 1

    def told(self, fault: BadCell, target: str, cells: Sequence[str]) -> BadCell:
        """The fault in the words of the source."""
        mapped = self._cells.get(target, CellMapping())
        column = ", ".join(mapped.columns) or target
        text = ", ".join(cells[self._index[name]] for name in mapped.columns)
        reason = fault.reason if column == target else f"{fault.reason} (read as {target})"
        return BadCell(reason, column, printable(text))


def printable(text: str) -> str:
    """A cell's text, cut and made fit for any file."""
    cut = text if len(text) <= TEXT_LENGTH else text[:TEXT_LENGTH] + "…"
    return cut.replace("\0", "\\0").encode(errors="backslashreplace").decode()


def identity(form: Format, header: Sequence[str], mapping: Mapping) -> dict[str, CellMapping]:
    """The cells of a file that has the format's own columns."""
    return {name: replace(mapping.defaults, columns=(name,)) for name in form.names if name in header}


def check_header(
    name: str, header: Sequence[str], tables: Sequence[tuple[Format, TableMapping]], mapping: Mapping
) -> None:
    """Nothing, where the file has each column that is read, once, and no other that is not ignored.

    Raises: SetupFault, which lists them.
    """
    read = {column for _, table in tables for cell in table.cells.values() for column in cell.columns}
    faults = []
    lacking = read.difference(header) | {
        column.name
        for form, table in tables
        for column in form.columns
        if column.required and column.name not in table.cells
    }
    unknown = [] if mapping.ignores_all else [c for c in header if c not in read and c not in mapping.ignored]
    repeated = {column for column in header if header.count(column) > 1 and (column in read or column in unknown)}
    if lacking:
        faults.append(f"lacks {_listed(lacking)}")
    if unknown:
        faults.append(f"has unknown {_listed(unknown)}; a mapping can ignore them")
    if repeated:
        faults.append(f"has {_listed(repeated)} twice")
    if faults:
        allowed = read if mapping.tables else {column for form, _ in tables for column in form.names}
        raise SetupFault(f"The file {name} {'; it '.join(faults)}. Its columns may be: {', '.join(sorted(allowed))}.")


def _listed(names: Sequence[str] | set[str]) -> str:
    return ("column " if len(names) == 1 else "columns ") + ", ".join(repr(name) for name in sorted(set(names)))


def _converter(column: Column, cell: CellMapping) -> Convert:
    """The check of a column, with the mapping's absent words and map before it."""
    check = check_of(column.cell, cell.time)
    if column.cell is Cell.TAGS:
        return _tags(cell)
    absent = {word: column.default for word in cell.absent if word}
    if cell.words is None:
        if not absent:
            return check
        return lambda text: absent[text] if text in absent else check(text)
    known = absent | {word: check(said) if said else column.default for word, said in cell.words.items()}
    unnamed = _unnamed(cell, check, column.default)

    def read(text: str) -> Any:
        return known[text] if text in known else unnamed(text)

    return read


def _unnamed(cell: CellMapping, check: Convert, default: Any) -> Convert:
    """What becomes of a word that the map does not name."""

    def reject(text: str) -> Any:
        raise BadCell(f"a word that the map does not name; it names {', '.join(map(repr, cell.words or ()))}")

    return {Otherwise.REJECT: reject, Otherwise.PASS: check, Otherwise.ABSENT: lambda _: default}[cell.otherwise]


def _tags(cell: CellMapping) -> Convert:
    word = _converter(Column("tag", Cell.TEXT), cell)

    def read(text: str) -> tuple[str, ...]:
        said = (word(tag) for tag in parts(text, cell.split))
        return tuple(dict.fromkeys(tag for tag in said if tag))

    plain = cell.absent == {""} and cell.words is None and cell.split == "|"
    return parts if plain else read


def _templated(cell: CellMapping, convert: Convert, against: tuple[dict[str, int], Any]) -> Compose:
    """The text of a template; absent where every column of it is."""
    index, default = against
    pieces = [(text, index.get(name or "")) for text, name, _, _ in Formatter().parse(cell.template or "")]

    def compose(cells: Sequence[str]) -> Any:
        said = [(text, "" if place is None or cells[place] in cell.absent else cells[place]) for text, place in pieces]
        if not any(word for _, word in said):
            return default
        return convert("".join(text + word for text, word in said))

    return compose


def _gathered(cell: CellMapping, convert: Convert, index: dict[str, int]) -> Compose:
    """The tags of several columns."""
    places = [index[name] for name in cell.columns]

    def compose(cells: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(tag for place in places if cells[place] for tag in convert(cells[place])))

    return compose
