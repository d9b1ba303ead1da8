"""The bytes of an import file, whether it is plain, gzipped or alone in a zip, with the place that is being read."""

from __future__ import annotations

import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from db.errors import SetupFault

UNREADABLE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, UnicodeError, NotImplementedError)
"""What the libraries raise for a file that is cut short, broken or in another encoding."""


@dataclass(frozen=True)
class Stream:
    """A file that is open."""

    content: IO[bytes]
    raw: IO[bytes]

    @property
    def place(self) -> int:
        """How many bytes of the file as it lies on the disk have been read."""
        return 0 if self.raw.closed else self.raw.tell()


def content_name(path: Path) -> str:
    """The name of what the file holds: without .gz, and of the one file in a zip.

    Raises: SetupFault, for a zip that holds none or several.
    """
    if path.suffix != ".zip":
        return path.name.removesuffix(".gz")
    with _told(path), zipfile.ZipFile(path) as archive:
        files = [file for file in archive.infolist() if not file.is_dir() and not _is_litter(file.filename)]
    if len(files) != 1:
        raise SetupFault(
            f"The zip {path.name} holds {len(files)} files; it has to hold one. Unpack it and give the folder."
        )
    if files[0].flag_bits & 1:
        raise SetupFault(f"The zip {path.name} is encrypted. Unpack it and give the file.")
    return files[0].filename


def _is_litter(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1].startswith(".")


@contextmanager
def opened(path: Path) -> Iterator[Stream]:
    """The file's contents, unpacked as they are read.

    Raises: SetupFault, where it cannot be read to its end.
    """
    with _told(path), path.open("rb") as raw:
        if path.suffix == ".gz":
            with gzip.open(raw) as content:
                yield Stream(content, raw)  # type: ignore[arg-type]  # a GzipFile is a binary file in all but name
        elif path.suffix == ".zip":
            with zipfile.ZipFile(raw) as archive, archive.open(content_name(path)) as content:
                yield Stream(content, raw)
        else:
            yield Stream(raw, raw)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except UNREADABLE as fault:
        raise SetupFault(
            f"The file {path.name} cannot be read to its end: {fault or type(fault).__name__}. "
            "Check that it is whole, and that its encoding is UTF-8 or named in the mapping."
        ) from fault


def digest(path: Path) -> bytes:
    """A digest of the file as it lies on the disk."""
    with _told(path), path.open("rb") as raw:
        return hashlib.file_digest(raw, "blake2b").digest()
