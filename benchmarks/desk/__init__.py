"""A large support desk that does not exist: three years of any number of tickets, the same on every machine.

200 agents in 8 teams, 2,000 organizations, 12 categories, 5 channels. What is drawn depends on the day and on the
number of tickets alone, and no number goes through a function whose last bit differs from one machine to the next.
"""

from __future__ import annotations

from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

VERSION: Final = 2
"""Raise it with every change of what is drawn or of what the product makes of it; a kept database is of one version."""
ZONE: Final = ZoneInfo("Europe/Berlin")
SINCE: Final = date(2023, 1, 1)
UNTIL: Final = date(2026, 1, 1)
"""The first local day of which nothing is known."""
