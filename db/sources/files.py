"""A folder, a file or a zip as a source of rows: finds the files, opens them and reads them through their mapping."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from db.errors import SetupFault
from db.sources.columns import FORMATS
from db.sources.mapping_values import Mapping, TableMapping
from db.sources.rows import Read, Reject, RowKind
from db.sources.sourcefile import SourceFile
from db.sources.streams import content_name, digest

_EDITION: Final = b"deskgraph import 1"
"""Part of every fingerprint; changes when the same files would give other rows."""
_SUFFIXES: Final = (".csv", ".ndjson")
_ORDER: Final = {kind: place for place, kind in enumerate(RowKind)}


class FileSource:
    """The rows of some files, in the order in which their kinds are stored."""

    def __init__(self, name: str, files: tuple[SourceFile, ...], mapping: Mapping) -> None:
        self._name = name
        self._files = files
        self._mapping = mapping
        self._fingerprint = ""
        self._finished = 0
        self._running: SourceFile | None = None
        self._notices: Counter[str] = Counter()

    @property
    def name(self) -> str:
        """The folder's or file's name."""
        return self._name

    @property
    def fingerprint(self) -> str:
        """A digest of the files and the mapping. It reads them whole, once."""
        if not self._fingerprint:
            total = hashlib.blake2b(_EDITION, digest_size=32)
            total.update(self._mapping.digest.encode())
            for file in self._files:
                total.update(file.path.name.encode() + b"\0" + digest(file.path))
            self._fingerprint = total.hexdigest()
        return self._fingerprint

    @property
    def prefers_columns(self) -> bool:
        """Whether a ticket's own columns win over its events."""
        return self._mapping.prefers_columns

    @property
    def size(self) -> int:
        """Unit: bytes on the disk."""
        return sum(file.size for file in self._files)

    @property
    def done(self) -> int:
        """Unit: bytes on the disk."""
        return self._finished + (self._running.place if self._running else 0)

    @property
    def notices(self) -> dict[str, int]:
        """What the running or last `rows` took otherwise than the files say, and how often."""
        return dict(self._notices)

    def rows(self) -> Iterator[Read | Reject]:
        """Every row once, in file order, good or rejected.

        Raises: SetupFault, for a file that cannot be read to its end.
        """
        self._notices.clear()
        self._finished = 0
        for file in self._files:
            self._running = file
            yield from file.rows(self._notices)
            self._finished += file.size
            self._running = None


def open_source(path: Path, mapping: Mapping | None) -> FileSource:
    """The source of a folder in the import format, of one of its files, or of what a mapping reads.

    Raises: SetupFault, for a path, a file name or a header that does not fit, before any row is read.
    """
    mapping = mapping or Mapping()
    if path.is_dir():
        paths = sorted(found for found in path.iterdir() if _counts(found))
    elif path.is_file():
        paths = [path]
    else:
        raise SetupFault(f"There is no file or folder {path}. Give the path of a folder or a file to import.")
    found = [_Found(each, content_name(each)) for each in paths]
    readers = {each: _tables(each, mapping) for each in found}
    _check(path, readers, mapping)
    files = [SourceFile(each.path, each.content, tables, mapping) for each, tables in readers.items()]
    files.sort(key=lambda file: (_ORDER[file.first_kind], file.path.name))
    return FileSource(path.resolve().name, tuple(files), mapping)


@dataclass(frozen=True)
class _Found:
    """A file, and the name of what it holds."""

    path: Path
    content: str

    @property
    def kind(self) -> RowKind | None:
        """The kind that the file's name says, where it says one."""
        stem, _, suffix = Path(self.content).name.rpartition(".")
        by_name = {kind.value: kind for kind in RowKind}
        allowed = ("json",) if stem == RowKind.CALENDARS.value else tuple(s[1:] for s in _SUFFIXES)
        return by_name.get(stem) if suffix in allowed else None


def _counts(path: Path) -> bool:
    """Whether a folder's entry is to be read: what is hidden, and what the import itself wrote, is not."""
    return not path.name.startswith(".") and "rejects" not in path.name


def _tables(found: _Found, mapping: Mapping) -> tuple[TableMapping, ...]:
    """What is made of the file: what the mapping says, else the kind of its name, in the format's own columns."""
    mapped = tuple(table for table in mapping.tables if table.reads(found.path.name, found.kind))
    if mapped:
        return tuple(table for table in mapped if table.file is not None) or mapped
    return (TableMapping(found.kind, {}),) if found.kind else ()


def _check(path: Path, readers: dict[_Found, tuple[TableMapping, ...]], mapping: Mapping) -> None:
    """Raises: SetupFault, for files that nothing reads, for none, and for two of one kind."""
    allowed = ", ".join(kind.value for kind in FORMATS)
    unread = [found.path.name for found, tables in readers.items() if not tables or found.path.is_dir()]
    if unread:
        raise SetupFault(
            f"{path.name} holds what is not of the import format: {', '.join(unread)}. The files are called {allowed} "
            "with .csv or .ndjson, and calendars.json, each also with .gz. Move the others away, or give a mapping "
            "that reads them."
        )
    if not readers:
        raise SetupFault(f"The folder {path.name} holds no file to import. The files are called {allowed}.")
    if mapping.tables:
        return
    kinds = Counter(tables[0].kind.value for tables in readers.values())
    twice = sorted(kind for kind, times in kinds.items() if times > 1)
    if twice:
        raise SetupFault(f"The folder {path.name} holds more than one file of {', '.join(twice)}. Keep one of each.")
