"""Ready source files, for systems whose tables are known: somebody's own file says which, and what is special there.

A ready file is a source file with parameters: `:account` in a SELECT is a literal, elsewhere the plain text. What the
own file says beside `kind` and `parameters` goes over the ready one, key by key; a list replaces a list.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Final

_FOLDER: Final = Path(__file__).parents[1] / "ready"
READY: Final = {path.stem: path for path in sorted(_FOLDER.glob("*.toml"))}
"""The ready source files, by the kind that asks for them."""

Document = dict[str, Any]


def completed(document: Document, faults: list[str]) -> tuple[Document, bytes]:
    """The document with the ready file under it that its kind names, and that file's content; others as they are."""
    path = READY.get(str(document.get("kind")))
    if path is None:
        return document, b""
    content = path.read_bytes()
    ready = tomllib.loads(content.decode())
    values = _values(ready.pop("parameters", {}), document.get("parameters", {}), faults)
    own = {key: value for key, value in document.items() if key not in ("kind", "parameters")}
    under: Document = _filled(ready, values, is_select=False)
    return _over(under, own), content


def _values(known: Document, given: Any, faults: list[str]) -> dict[str, str]:
    """Each parameter's value: the given one, else its default."""
    if not isinstance(given, dict):
        faults.append("parameters: is not a table; write [parameters] and a line for each")
        return {}
    faults += [f"[parameters] {key}: is not known; there are {', '.join(known)}" for key in given if key not in known]
    found = {}
    for name, about in known.items():
        value = given.get(name, about.get("default"))
        if value is None:
            faults.append(f"[parameters] {name}: is missing; give {about['what']}")
        elif isinstance(value, bool) or not re.fullmatch(about["form"], str(value)):
            faults.append(f"[parameters] {name}: {value!r} is not allowed; give {about['what']}")
        else:
            found[name] = str(value)
    return found


def _filled(value: Any, values: dict[str, str], *, is_select: bool) -> Any:
    """A value of the document with the parameters in its texts."""
    if isinstance(value, dict):
        return {key: _filled(one, values, is_select=key == "select") for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, values, is_select=False) for one in value]
    if not isinstance(value, str) or not values:
        return value
    told = {name: _literal(text) if is_select else text for name, text in values.items()}
    return re.sub(rf"(?<!:):({'|'.join(told)})\b", lambda found: told[found[1]], value)


def _literal(text: str) -> str:
    """The text as SQL says it: a number bare, all else in quotes."""
    return text if text.isascii() and text.isdigit() else "'" + text.replace("'", "''") + "'"


def _over(under: Document, own: Document) -> Document:
    """One document over another."""
    found = dict(under)
    for key, value in own.items():
        below = found.get(key)
        found[key] = _over(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return found
