"""What may be handed on to who helps: findings, settings without what is anybody's, versions, sizes.

Of settings only numbers, switches, words of a fixed list and zones are shown; of all else whether it is set. Nothing of
a ticket, a person or an organization is in it.
"""

from __future__ import annotations

import importlib.metadata
import io
import json
import platform
import re
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from commands.doctor.findings import Finding
from settings import Settings

if TYPE_CHECKING:  # it has to be made also where the rules of zones are missing, which these need
    from db.examination import Examination
    from db.sync.status import SourceStatus

_NAME: Final = "deskgraph"
_PACKAGE: Final = re.compile(r"[A-Za-z0-9._-]+")
_SHOWN: Final = ("reporting_zones", "log_level")
"""Texts that can hold nothing but what a list allows."""
_OF_SOURCE: Final = ("kind", "state", "as_of", "failures", "rejects", "skew_seconds")
_OF_IMPORT: Final = ("state", "started_at", "finished_at", "rows_read", "rows_rejected")


def bundle(findings: Sequence[Finding], settings: Settings | None, found: Examination | None, at: datetime) -> bytes:
    """A ZIP archive of JSON files."""
    parts: dict[str, Any] = {
        "findings.json": {"at": at.isoformat(), "findings": told([one.handed_on() for one in findings])},
        "settings.json": _settings(settings) if settings is not None else None,
        "versions.json": _versions(),
        "store.json": _store(found) if found is not None else None,
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, json.dumps(part, indent=2, default=str))
    return written.getvalue()


def told(findings: Sequence[Finding]) -> list[dict[str, str]]:
    """Findings as JSON has them."""
    return [
        {"subject": one.subject, "grade": one.grade.value, "told": one.told, "remedy": one.remedy} for one in findings
    ]


def _settings(settings: Settings) -> dict[str, Any]:
    return {name: _shown(name, getattr(settings, name)) for name in sorted(type(settings).model_fields)}


def _shown(name: str, value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bool | int | float) or name in _SHOWN:
        return value
    given = value.get_secret_value() if hasattr(value, "get_secret_value") else value
    return "set" if given else "not set"


def _versions() -> dict[str, str]:
    needed = importlib.metadata.requires(_NAME) or []
    names = sorted({match.group() for line in needed if "extra ==" not in line and (match := _PACKAGE.match(line))})
    found = {"python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}"}
    for name in (_NAME, *names):
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def _source(one: SourceStatus) -> dict[str, Any]:
    """A live source, without its name and what it said: both may name a customer."""
    return {name: getattr(one, name) for name in _OF_SOURCE}


def _store(found: Examination) -> dict[str, Any]:
    store = found.store
    if store is None:
        return {"server": asdict(found.server), "revision": found.revision}
    last = {name: store.last_import[name] for name in _OF_IMPORT} if store.last_import is not None else None
    return {
        "server": asdict(found.server),
        "revision": found.revision,
        "store": {**asdict(store), "last_import": last, "sources": [_source(one) for one in store.sources]},
    }
