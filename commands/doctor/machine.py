"""What can go wrong with the machine and the settings, without a database."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Final
from zoneinfo import TZPATH

from commands.doctor.findings import Finding, fault, fine, unknown, warning
from db.zones import is_known
from settings import MIN_SECRET_BYTES, Settings

_SPACE_WARNED: Final = 0.10
_SPACE_NEEDED: Final = 1_000_000_000
_LIKELY_CHARACTERS: Final = 10
_ZONES_YEARS: Final = 2
_VERSION: Final = re.compile(r"# version (\d{4}\w*)")
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def of_settings(settings: Settings) -> Iterator[Finding]:
    """Of the settings that are right one by one, those that are not wise."""
    yield _secret(settings)
    if settings.embeds or settings.reader_url.get_secret_value():
        yield fine("least rights", "The server reads with a login that may only read.")
    else:
        told = "The server reads as the owner of the tables, whom nothing in the database keeps from writing."
        yield warning(
            "least rights", told, "Set DESKGRAPH_READER_URL to a login that may only read (docs/security.md)."
        )


def _secret(settings: Settings) -> Finding:
    given = settings.jwt_secret.get_secret_value()
    if settings.jwks_url:
        return fine("tokens", "They are checked with the identity provider's keys.")
    if not given:
        file = settings.data_dir / "jwt_secret"
        if file.exists() and file.stat().st_mode & _OTHERS:
            return fault("tokens", "Others than its owner may read the generated secret.", f"chmod 600 {file.name}.")
        if file.exists() and len(file.read_text().strip()) < MIN_SECRET_BYTES:
            return fault("tokens", "The generated secret was cut short.", f"Remove {file.name}; `serve` makes another.")
        return fine("tokens", "They are checked with a secret that was generated here.")
    if len(set(given)) < _LIKELY_CHARACTERS:
        told = f"DESKGRAPH_JWT_SECRET has only {len(set(given))} different characters: it may be guessed."
        return fault("tokens", told, "`openssl rand -hex 32` makes a better one.")
    return fine("tokens", f"They are checked with a secret of {len(given.encode())} bytes.")


def has_zones() -> bool:
    """Whether there are rules of zones at all: without them neither settings nor reports can be read."""
    return is_known("UTC")


def without_zones() -> Finding:
    """What is to be said where there are none."""
    remedy = "Install the package tzdata (`make install`), or the system's; then run this again."
    return fault("zones", "There are no rules of time zones on this machine, so nothing else was looked at.", remedy)


def of_zones(now: datetime) -> Iterator[Finding]:
    """Of the rules of the zones, as they are found: the system's first, then those of the package tzdata."""
    version = _version()
    if not version:
        yield unknown("zones", "The rules are the system's; how old they are is not known.", "Keep tzdata up to date.")
    elif now.year - _year(version) >= _ZONES_YEARS:
        told = f"The rules of the zones are of {version}: local days may begin at another time by now."
        yield warning("zones", told, "Upgrade the system's tzdata, or the package, then run `deskgraph migrate`.")
    else:
        yield fine("zones", f"The rules of the zones are of {version}.")


def _version() -> str:
    """Such as 2026a; empty where the rules that are read do not say it."""
    for folder in map(Path, TZPATH):
        if (folder / "UTC").is_file():
            told = folder / "tzdata.zi"
            found = _VERSION.match(told.read_text(encoding="utf-8")) if told.is_file() else None
            return found[1] if found else ""
    return str(import_module("tzdata").IANA_VERSION)


def _year(version: str) -> int:
    return int(version[:4])


def of_disks(settings: Settings) -> Iterator[Finding]:
    """Of the room where this gateway writes."""
    places = {"temporary files": Path(tempfile.gettempdir())}  # where exports are made whole
    if settings.embeds:
        places["the embedded store"] = settings.data_dir
    if settings.delivery_folder is not None:
        places["deliveries"] = settings.delivery_folder
    for what, folder in places.items():
        yield _room(what, _existing(folder))


def _existing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    folder = folder.absolute()
    return next(one for one in (folder, *folder.parents) if one.exists())


def _room(what: str, folder: Path) -> Finding:
    if not os.access(folder, os.W_OK):
        return fault("disk", f"The folder for {what} cannot be written to.", "Give it to the user that runs this.")
    total, _, free = shutil.disk_usage(folder)
    return of_room(what, total, free)


def of_room(what: str, total: int, free: int) -> Finding:
    """Of a disk. Unit: bytes."""
    told = f"For {what} {free / 1e9:.1f} of {total / 1e9:.1f} GB are free."
    if free < _SPACE_NEEDED:
        return fault("disk", told, "Free some: below 1 GB an import or an export may fail.")
    if free < _SPACE_WARNED * total:
        return warning("disk", told, "Free some before it is full.")
    return fine("disk", told)
