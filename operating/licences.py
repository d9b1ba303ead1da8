"""docs/licences.md: what the gateway runs with and what its pages are built from, each with its licence.

`python -m operating.licences` prints it, by the lock files and by what the packages say of themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, Final

import orjson

_ROOT: Final = Path(__file__).resolve().parents[1]
_LOCKED: Final = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: ; (.*?))?(?: \\)?$", re.M)
_MAX_LENGTH: Final = 60
"""Of a licence's name; some packages give the whole text in its place."""
_HEAD: Final = """\
# Licences

What a server is installed with (`requirements.txt`), and what the browser's pages are built from
(`web/package-lock.json`, without what is needed for the building alone). Made by `make licences`; a test holds it to
both files.
"""


@dataclass(frozen=True)
class Package:
    """A package that is locked."""

    name: str
    version: str
    licence: str


def of_python(root: Path = _ROOT) -> list[Package]:
    """The Python packages of a server; of one that this platform does not need its licence is not known here."""
    locked = _LOCKED.findall((root / "requirements.txt").read_text())
    return [Package(name, version, _licence(name, marker)) for name, version, marker in locked]


def _licence(name: str, marker: str) -> str:
    try:
        return told_by(distribution(name))
    except PackageNotFoundError:
        return f"(installed where {marker})"


def told_by(package: Distribution) -> str:
    """What a package says of its licence: an SPDX expression, a short name, or a classifier. Source: PEP 639."""
    told = package.metadata
    expression = next((told[name] for name in ("License-Expression", "License") if name in told), "")
    if expression and len(expression) <= _MAX_LENGTH and "\n" not in expression:
        return expression
    classifiers = [one for one in told.get_all("Classifier") or () if one.startswith("License :: ")]
    return ", ".join(one.rpartition(" :: ")[2] for one in classifiers) or "(see the package)"


def of_npm(root: Path = _ROOT) -> list[Package]:
    """The npm packages that the pages hold something of."""
    lock = orjson.loads((root / "web" / "package-lock.json").read_bytes())
    return sorted(_of_lock(lock["packages"]), key=lambda one: (one.name, one.version))


def _of_lock(packages: dict[str, Any]) -> Iterator[Package]:
    for path, told in packages.items():
        if path and not told.get("dev") and not told.get("devOptional"):
            name = path.rpartition("node_modules/")[2]
            yield Package(name, told["version"], told.get("license", "(see the package)"))


def page() -> str:
    """The page."""
    parts = [_HEAD]
    for title, packages in (("Python", of_python()), ("npm", of_npm())):
        rows = [f"| {one.name} | {one.version} | {one.licence} |" for one in dict.fromkeys(packages)]
        parts.append("\n".join([f"## {title}\n", "| package | version | licence |", "|---|---|---|", *rows, ""]))
    return "\n".join(parts)


if __name__ == "__main__":
    print(page(), end="")
