"""The parts of a report's seasonality, each there or refused with its reason: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from resolvers.seasons.anomalies import Anomaly, anomalies
from resolvers.seasons.forecast import Forecast, forecast
from resolvers.seasons.model import Fit, History, fit, month_factors
from resolvers.seasons.part import Part

MIN_WEEKDAY_DAYS = 28
MIN_MONTH_DAYS = 364  # a year of 365 days, the last of which may still run
MIN_FIT_DAYS = 56
MIN_TICKETS_A_DAY = 1.0


@dataclass(frozen=True)
class Refusal:
    """A part that is null, and why."""

    part: Part
    reason: str


@dataclass(frozen=True)
class Decomposition:
    """The period's days as columns; trend * seasonal + remainder is the actual count."""

    days: list[date]
    trend: list[float]
    seasonal: list[float]
    remainder: list[float]


@dataclass(frozen=True)
class Seasons:
    """What a history says about the period [since, until) in complete local days.

    `history` is complete days up to the period's end or the day before `asOf`, with the days of the period last.
    """

    history: History
    since: date
    until: date

    @cached_property
    def _known(self) -> History:
        return self.history.known()

    @cached_property
    def _period(self) -> History:
        days = max((self.until - self.since).days, 0)
        found = self._known.since(self.since)
        return History(found.first, found.counts[: max(days - (found.first - self.since).days, 0)])

    @cached_property
    def _fit(self) -> Fit:
        return fit(self._known)

    def _refusal(self, part: Part) -> str | None:
        of_period = part in (Part.WEEKDAY, Part.MONTH)
        days, least = (self._period, _LEAST[part]) if of_period else (self._known, MIN_FIT_DAYS)
        where = "the period has" if of_period else "there are"
        if days.days < least:
            advice = "Ask for a longer period." if of_period else "Ask for a later period, or a wider filter."
            return (
                f"{part.value} needs {least} complete days since the first ticket of the slice; {where} {days.days}. "
                f"{advice}"
            )
        mean = float(days.counts.mean())
        if mean < MIN_TICKETS_A_DAY:
            return (
                f"{part.value} needs {MIN_TICKETS_A_DAY:.0f} ticket a day on average; the slice has {mean:.2f}. "
                "Ask for a wider filter."
            )
        if part in (Part.DECOMPOSITION, Part.ANOMALIES) and not self._period.days:
            return f"{part.value} needs a complete day in the period; it has none. Ask for a longer or earlier period."
        return None

    @cached_property
    def refusals(self) -> list[Refusal]:
        """The parts that are null, each with its reason."""
        found = ((part, self._refusal(part)) for part in Part)
        return [Refusal(part, reason) for part, reason in found if reason]

    def _refused(self, part: Part) -> bool:
        return any(refusal.part is part for refusal in self.refusals)

    @cached_property
    def weekday(self) -> list[float] | None:
        """7 indices, Monday first, mean 1; of the period."""
        return None if self._refused(Part.WEEKDAY) else fit(self._period).weekday_factors.tolist()

    @cached_property
    def month(self) -> list[float] | None:
        """12 indices, January first, mean 1; of the period."""
        return None if self._refused(Part.MONTH) else month_factors(self._period).tolist()

    @cached_property
    def decomposition(self) -> Decomposition | None:
        """The complete days of the period; fitted over the whole history."""
        if self._refused(Part.DECOMPOSITION):
            return None
        skipped = (self._period.first - self._known.first).days
        shown = slice(skipped, skipped + self._period.days)
        remainder = self._known.counts - self._fit.expected
        days = [self._period.first + timedelta(days=n) for n in range(self._period.days)]
        columns = (self._fit.trend, self._fit.seasonal, remainder)
        return Decomposition(days, *(column[shown].tolist() for column in columns))

    @cached_property
    def forecast(self) -> Forecast | None:
        """The 28 days after the last complete day."""
        return None if self._refused(Part.FORECAST) else forecast(self._known, self._fit)

    @cached_property
    def anomalies(self) -> list[Anomaly] | None:
        """The period's days that differ from what was expected."""
        if self._refused(Part.ANOMALIES):
            return None
        return [one for one in anomalies(self._known, self._fit) if self.since <= one.day < self.until]


_LEAST = {Part.WEEKDAY: MIN_WEEKDAY_DAYS, Part.MONTH: MIN_MONTH_DAYS}
