"""The forecast's error: the origin rolls over the demo series and over boston311, and each 28 days are compared.

MASE is the mean absolute error over that of the seasonal naive (the same weekday a week before) in the history;
coverage is how often the truth lay in a band.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from db.sources.demo import demo
from db.sources.rows import TicketRow
from resolvers.seasons.forecast import HORIZON_DAYS, forecast
from resolvers.seasons.model import History
from resolvers.seasons.parts import MIN_FIT_DAYS

DEMO_UNTIL = date(2026, 10, 1)
BOSTON = Path(__file__).parents[2] / "shared/data/boston311/311_service_requests_2011.csv.zip"
STEP_DAYS = 7


@dataclass(frozen=True)
class Error:
    """What a back-test found. `mase` is the mean over the origins; the coverages are shares of all days."""

    origins: int
    mase: float
    coverage80: float
    coverage95: float


def backtest(history: History, first_days: int = MIN_FIT_DAYS, step: int = STEP_DAYS) -> Error:
    """The error over every origin from `first_days` of history on, `step` days apart."""
    errors, inner, outer = [], [], []
    for origin in range(first_days, history.days - HORIZON_DAYS + 1, step):
        past, truth = history.counts[:origin], history.counts[origin : origin + HORIZON_DAYS]
        found = forecast(History(history.first, past))
        naive = np.abs(past[7:] - past[:-7]).mean()
        errors.append(float(np.abs(truth - found.expected).mean() / naive))
        inner.append((truth >= found.low) & (truth <= found.high))
        outer.append((truth >= found.low95) & (truth <= found.high95))
    return Error(len(errors), float(np.mean(errors)), float(np.mean(inner)), float(np.mean(outer)))


def daily(days: Iterable[date]) -> History:
    """The history that dates of creation make."""
    found = Counter(days)
    first, last = min(found), max(found)
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return History(first, np.array([float(found[day]) for day in span]))


def demo_history() -> History:
    """The demo's tickets by UTC day."""
    rows = (read.row for read in demo(DEMO_UNTIL).rows())
    return daily(row.created_at.astimezone(UTC).date() for row in rows if isinstance(row, TicketRow))


def boston_history() -> History | None:
    """Boston's requests by local day; None where the set is absent."""
    if not BOSTON.is_file():
        return None
    with zipfile.ZipFile(BOSTON) as archive, archive.open(archive.namelist()[0]) as opened:
        rows = csv.DictReader(io.TextIOWrapper(opened, "utf-8"))
        return daily(datetime.fromisoformat(row["open_dt"]).date() for row in rows)


def main() -> None:
    """Prints a line a series."""
    print("| series | origins | MASE | in the 80 % band | in the 95 % band |\n|---|---|---|---|---|")
    found = demo_history()
    series = {
        "demo, from 56 days of history": (found, MIN_FIT_DAYS),
        "demo, from 548 days (annual part)": (found, 548),
        "boston311, from 56 days": (boston_history(), MIN_FIT_DAYS),
    }
    for name, (history, first_days) in series.items():
        if history is None:
            print(f"{name}: skipped, {BOSTON.name} is not beside this checkout (../shared/data/boston311).")
            continue
        e = backtest(history, first_days)
        print(f"| {name} | {e.origins} | {e.mase:.3f} | {e.coverage80:.1%} | {e.coverage95:.1%} |")


if __name__ == "__main__":
    main()
