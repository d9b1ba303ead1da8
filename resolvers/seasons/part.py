"""What a seasonality is made of, by name: known without the numbers' library, which only working it out needs."""

from __future__ import annotations

from enum import Enum


class Part(Enum):
    """A part of the seasonality that needs history."""

    WEEKDAY = "weekday"
    MONTH = "month"
    DECOMPOSITION = "decomposition"
    FORECAST = "forecast"
    ANOMALIES = "anomalies"
