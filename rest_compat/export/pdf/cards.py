"""The key metrics as cards: the value, how it changed, and what stands behind it."""

from __future__ import annotations

from typing import Any, Final

from rest_compat.export.content import Cell, Column
from rest_compat.export.pdf.changes import FEW, tone
from rest_compat.export.pdf.figures import Figures
from rest_compat.export.pdf.tables import Filled

_KEY: Final = "summary"
_ARROWS: Final = {True: "\N{BLACK UP-POINTING TRIANGLE}", False: "\N{BLACK DOWN-POINTING TRIANGLE}"}
_SCORES: Final = tuple(f"score{n}" for n in range(1, 6))


def cards_of(filled: Filled, figures: Figures) -> list[dict[str, Any]]:
    """A card a metric; none for another part than the summary."""
    if filled.part.key != _KEY:
        return []
    columns = {one.key: one for one in filled.part.columns}
    keys = list(columns)
    return [_card(dict(zip(keys, row, strict=True)), columns, figures) for row in filled.rows]


def _card(cells: dict[str, Cell], columns: dict[str, Column], figures: Figures) -> dict[str, Any]:
    unit = str(cells["unit"])

    def text(key: str) -> str:
        return figures.cell(columns[key], cells[key], unit if columns[key].unit_key else None)

    lines = []
    if cells["median"] is not None:
        lines.append(f"Median {text('median')}, 90th percentile {text('p90')}")
    if cells["withinTarget"] is not None:
        lines.append(f"{text('withinTarget')} of {text('withTarget')} within target")
        lines.append(f"{text('openBreached')} open and past theirs")
    if cells["average"] is not None:
        lines.append(f"Average {text('average')} of 5")
    if cells["count"] is not None and unit != "tickets":
        lines.append(f"{text('count')} known values")
    if cells["reason"] is not None:
        lines.append(str(cells["reason"]))
    return {
        "label": str(cells["label"]),
        "value": text("value"),
        "change": _change(cells, text("change"), text("previous")),
        "lines": lines,
        "scores": _scores(cells),
    }


def _change(cells: dict[str, Cell], change: str, previous: str) -> dict[str, str] | None:
    """How it changed, with an arrow of its direction in a colour of its worth; None where nothing is compared."""
    value, count = cells["change"], cells["count"]
    if not isinstance(value, int | float):
        return None if cells["previous"] is None else {"text": f"before: {previous}", "tone": "quiet", "aside": ""}
    arrow = f"{_ARROWS[value > 0]} " if value else ""
    few = isinstance(count, int | float) and count < FEW
    aside = f"from {previous}" + (f"; of fewer than {FEW}" if few else "")
    return {"text": f"{arrow}{change}", "tone": tone(str(cells["metric"]), value, count), "aside": aside}


def _scores(cells: dict[str, Cell]) -> list[dict[str, Any]]:
    counts = [cells[key] for key in _SCORES]
    known = [count for count in counts if isinstance(count, int)]
    most = max(known, default=0)
    if not most:
        return []
    return [
        {"text": str(n), "to": round(count / most, 4) if isinstance(count, int) else 0.0}
        for n, count in enumerate(counts, start=1)
    ]
