"""The language of source files of HTTP APIs: TOML in, what it describes out, or every fault in it at once."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from db.errors import SetupFault
from db.sync.http.described import ApiDescribed
from db.sync.postgresql.language import NAME
from db.sync.source import Pace

_VARIABLE: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_PREFIX: Final = re.compile(r"[A-Za-z0-9_-]*")
_EMAIL: Final = re.compile(r"([^\s:@]+@[^\s:@]+)?")
Bounds = tuple[float, float, float]
"""Of a number: the default, the least, the most."""
INTERVAL_SECONDS: Final[Bounds] = (60.0, 1.0, 86_400.0)
OVERLAP_SECONDS: Final[Bounds] = (300.0, 0.0, 604_800.0)
WHOLE_SECONDS: Final = (1.0, 604_800.0)
"""The least, the most; the default is the system's own."""
_SINCE: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Form:
    """What a source file of one system may say."""

    kind: str
    token_env: str
    """The variable that holds the token, unless the file names another."""
    names_user: bool
    """Whether a token may belong to a user whom the file names."""
    category: re.Pattern[str]
    categories: str
    """What may stand for a category, in words."""
    may_lack: tuple[str, ...]
    """What need not be read, where a plan does not have it."""
    numbers: Mapping[str, Bounds]
    """The numbers that it heeds: `interval_seconds`, `whole_seconds`, ..."""
    words: Mapping[str, frozenset[str] | None]
    """The tables of words, and what they may become; None: anything."""


def load_api(path: Path, form: Form) -> ApiDescribed:
    """What the source file describes.

    Raises: SetupFault, with every fault of the file in its message.
    """
    content = path.read_bytes()
    return _Reading(path, tomllib.loads(content.decode()), form).described(
        hashlib.blake2b(content, digest_size=16).hexdigest()
    )


class _Reading:
    """Takes a document apart, and notes what is wrong with it."""

    def __init__(self, path: Path, document: dict[str, Any], form: Form) -> None:
        self._path = path
        self._document = document
        self._form = form
        self._faults: list[str] = []

    def described(self, digest: str) -> ApiDescribed:
        """What the document describes."""
        form = self._form
        keys = (
            "kind",
            "name",
            "url",
            "token_env",
            "since",
            "category",
            "prefix",
            "without",
            *form.numbers,
            *form.words,
        )
        keys += ("email",) if form.names_user else ()
        self._faults += [f"{key}: is not known; known are {', '.join(keys)}" for key in self._document.keys() - {*keys}]
        numbers = {key: self._number(key) for key in form.numbers}
        found = ApiDescribed(
            name=self._text("name", self._path.stem, NAME, "a name in lower case, such as desk"),
            kind=form.kind,
            url=self._url(),
            token_env=self._text("token_env", form.token_env, _VARIABLE, "the name of an environment variable"),
            email=self._text("email", "", _EMAIL, "the address of who made the token") if form.names_user else "",
            pace=Pace(numbers["interval_seconds"]),
            since=self._since(),
            overlap_seconds=int(numbers.get("overlap_seconds", 0)),
            whole_seconds=numbers["whole_seconds"],
            category=self._text("category", "none", form.category, form.categories),
            prefix=self._text("prefix", "", _PREFIX, "letters, digits, - and _"),
            without=self._without(),
            words={name: self._words(name, allowed) for name, allowed in form.words.items()},
            digest=digest,
        )
        if self._faults:
            counted = "1 fault" if len(self._faults) == 1 else f"{len(self._faults)} faults"
            raise SetupFault(
                f"The source file {self._path.name} has {counted}:\n- " + "\n- ".join(sorted(self._faults))
            )
        return found

    def _text(self, key: str, default: str, form: re.Pattern[str], wanted: str) -> str:
        value = self._document.get(key, default)
        if isinstance(value, str) and form.fullmatch(value):
            return value
        self._faults.append(f"{key}: {value!r} is not allowed; give {wanted}")
        return default

    def _number(self, key: str) -> float:
        default, least, most = self._form.numbers[key]
        value = self._document.get(key, default)
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
            return float(value)
        self._faults.append(f"{key}: {value!r}; a number from {least:g} to {most:g} is allowed")
        return default

    def _url(self) -> str:
        value = self._document.get("url")
        found = _address(value) if isinstance(value, str) else None
        if found is not None:
            return found
        self._faults.append(
            f"url: {'is missing' if value is None else f'{value!r} is not allowed'}; give the system's address, such "
            f"as https://acme.{self._form.kind}.com, without a path (http:// only on this machine)"
        )
        return ""

    def _since(self) -> datetime:
        value = self._document.get("since", _SINCE)
        if isinstance(value, datetime):
            if value.tzinfo is not None:
                return value.astimezone(UTC)
        elif isinstance(value, date):
            return datetime(value.year, value.month, value.day, tzinfo=UTC)
        self._faults.append(f"since: {value!r} is not allowed; give a date, such as 2024-01-31, without quotes")
        return _SINCE

    def _without(self) -> frozenset[str]:
        value = self._document.get("without", [])
        if isinstance(value, list) and all(one in self._form.may_lack for one in value):
            return frozenset(value)
        self._faults.append(f"without: {value!r} is not allowed; give a list of {', '.join(self._form.may_lack)}")
        return frozenset()

    def _words(self, name: str, allowed: frozenset[str] | None) -> dict[str, str]:
        value = self._document.get(name, {})
        if not isinstance(value, dict):
            self._faults.append(f"{name}: is not a table; write [{name}] and a line for each word")
            return {}
        for word, said in value.items():
            if not isinstance(said, str) or (allowed is not None and said not in allowed):
                told = "a text is allowed" if allowed is None else f"allowed: {', '.join(sorted(allowed))}"
                self._faults.append(f"[{name}] {word!r} becomes {said!r}; {told}")
        return {str(word): str(said) for word, said in value.items()}


def _address(text: str) -> str | None:
    """The address of a system's root; None, where it is none to which a token may go."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return None
    is_bare = parts.path in ("", "/") and not (parts.query or parts.fragment or "@" in parts.netloc)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))
    return f"{parts.scheme}://{parts.netloc}" if parts.hostname and is_bare and is_safe else None


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
