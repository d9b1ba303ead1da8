"""The first lines of a report: what it is of, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from rest_compat.export.content import Content
from rest_compat.export.pdf.figures import Figures
from rest_compat.export.pdf.fonts import Glyphs
from rest_compat.export.pdf.measures import breakable
from rest_compat.reshape import Json

_WITHHELD: Final = "Withheld"
_TITLE_EM: Final = 20.0
_ENTRY_EM: Final = 14.0
"""Wider words are broken."""


def front_of(content: Content, figures: Figures, glyphs: Glyphs) -> dict[str, Any]:
    """The title block, and what the foot of every page says."""
    head = content.head
    words: Mapping[str, Callable[[str], str]] = {
        "Period": lambda _: _period(head["period"], figures),
        "Compared with": lambda told: _span(head["comparison"], figures) if head["comparison"] else told,
        "As of": figures.instant,
        "Made": lambda told: figures.instant(_in_zone(told, head["period"]["timezone"])),
    }
    lines = [
        {"label": label, "text": words[label](text) if label in words else breakable(glyphs, text, _ENTRY_EM)}
        for label, text in content.cover
    ]
    told = {line["label"]: line["text"] for line in lines}
    return {
        "title": breakable(glyphs, content.title, _TITLE_EM),
        "period": told["Period"],
        "cover": [line for line in lines if line["label"] not in ("Period", _WITHHELD)],
        "withheld": [line["text"] for line in lines if line["label"] == _WITHHELD],
        "foot": f"As of {told['As of']} \N{MIDDLE DOT} data version {told['Data version']} \N{MIDDLE DOT}"
        f" made {told['Made']} for {told['Made for']}",
    }


def _in_zone(instant: str, zone: str) -> str:
    return datetime.fromisoformat(instant).astimezone(ZoneInfo(zone)).isoformat()


def _period(period: Json, figures: Figures) -> str:
    preset = f" ({period['preset'].replace('_', ' ')})" if period["preset"] else ""
    return _span(period, figures) + preset


def _span(period: Json, figures: Figures) -> str:
    return figures.span(period["since"], period["until"])
