"""Numbers, durations and dates as people read them: the locale decides signs and order, the units stay English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_interval, format_time, get_month_names
from babel.numbers import format_decimal, format_percent

from rest_compat.export.content import Cell, Column, Kind
from rest_compat.problems import Fault, bad_input

NOTHING: Final = "\N{EN DASH}"
"""What stands where no number is."""
_SPACE: Final = "\N{NO-BREAK SPACE}"
_MARK: Final = "\N{RIGHT-TO-LEFT MARK}"
_TWO_DECIMALS: Final = "#,##0.00"
_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_TRUTHS: Final = {True: "yes", False: "no"}
_MIDNIGHT: Final = time(0)


def locale_of(tag: str) -> Locale:
    """The locale of a language tag, or of as much of its beginning as is known. Source: RFC 4647, section 3.4.

    Raises: Problem, where not even the language is.
    """
    parts = tag.split("-")
    while parts:
        try:
            return Locale.parse("-".join(parts), sep="-")
        except (UnknownLocaleError, ValueError):
            parts.pop()
    said = f"locale {tag!r} is of no language whose numbers and dates are known. Give one such as en or de-CH."
    raise bad_input([Fault("locale", said)])


@dataclass(frozen=True)
class Figures:
    """How a reader writes figures."""

    locale: Locale

    def count(self, value: float) -> str:
        """A whole number, grouped: 12,345."""
        return str(format_decimal(round(value), "#,##0", self.locale))

    def decimal(self, value: float) -> str:
        """A number with two decimals."""
        return str(format_decimal(value, _TWO_DECIMALS, self.locale))

    def share(self, value: float) -> str:
        """A ratio in percent, with one decimal."""
        return str(format_percent(value, self._percent, self.locale))

    def change(self, value: float) -> str:
        """How much more or less, in percent, always with its sign."""
        shown = round(value, 3) or 0.0  # no minus before zero
        return f"{'+' if shown > 0 else ''}{self.share(shown)}"

    def duration(self, seconds: float) -> str:
        """Seconds in at most two units, the smaller one left out where it is zero: 12 min, 2 h 14 min, 3 d 4 h."""
        sign, length = ("-" if seconds < 0 else ""), abs(seconds)
        if length < _MINUTE - 0.5:
            return f"{sign}{round(length)}{_SPACE}s"
        minutes = round(length / _MINUTE)
        if minutes < 60:
            return f"{sign}{minutes}{_SPACE}min"
        if minutes < 24 * 60:
            return sign + self._pair((minutes // 60, "h"), (minutes % 60, "min"))
        hours = round(length / _HOUR)
        return sign + self._pair((hours // 24, "d"), (hours % 24, "h"))

    def edge(self, seconds: float) -> str:
        """Seconds exactly, in one unit, for axes and the edges of buckets."""
        for size, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min")):
            if abs(seconds) >= size and seconds * 10 % size == 0:
                return f"{format_decimal(seconds / size, '#,##0.#', self.locale)}{_SPACE}{unit}"
        return f"{self.count(seconds)}{_SPACE}s"

    def day(self, value: date) -> str:
        """A date."""
        return self._isolated(format_date(value, "medium", self.locale))

    def _isolated(self, text: str) -> str:
        """A date in its own direction: between English words, one that is written from the right would be shuffled.

        Source: Unicode Standard Annex #9, section 2.4.
        """
        return f"\N{RIGHT-TO-LEFT ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}" if self._is_from_right else text

    @property
    def _is_from_right(self) -> bool:
        return str(self.locale.text_direction) == "rtl"

    def instant(self, text: str) -> str:
        """An ISO 8601 text, a date or a date-time, as its own wall clock shows it."""
        if len(text) == len("2026-01-01"):
            return self.day(date.fromisoformat(text))
        at = datetime.fromisoformat(text)
        day, time = format_date(at.date(), "medium", self.locale), format_time(at, "short", locale=self.locale)
        # TRICKY: that space makes one number of two, as in 10 000, which is then written from the left.
        between = f"{_MARK}{_SPACE}" if self._is_from_right else _SPACE
        return self._isolated(f"{day}{between}{time}")

    def month(self, number: float) -> str:
        """The name of a month."""
        return str(get_month_names("wide", "stand-alone", self.locale)[int(number)])

    def span(self, since: str, until: str) -> str:
        """A half-open period in words: by its first and last day where it has whole days."""
        first, end = datetime.fromisoformat(since), datetime.fromisoformat(until)
        if first.time() != _MIDNIGHT or end.time() != _MIDNIGHT:
            return f"{self.instant(since)} \N{EN DASH} {self.instant(until)}"
        last = end.date() - timedelta(days=1)
        if last <= first.date():
            return self._isolated(format_date(first.date(), "long", self.locale))
        return self._isolated(format_interval(first.date(), last, "yMMMMd", locale=self.locale))

    def cell(self, column: Column, cell: Cell, unit: str | None = None) -> str:
        """A cell as it is read; `unit` where the row names it."""
        if cell is None:
            return NOTHING
        if isinstance(cell, bool):
            return _TRUTHS[cell]
        if isinstance(cell, str):
            return self.instant(cell) if column.kind is Kind.INSTANT else cell
        own = self._by_key.get(column.key.rpartition(".")[2]) if unit is None else None
        return (own or self.written(column, unit))(cell)

    def written(self, column: Column, unit: str | None = None) -> Callable[[float], str]:
        """How the numbers of a column are written."""
        return self._by_unit.get(unit or column.unit or "") or (
            self.count if column.kind is Kind.WHOLE else self.decimal
        )

    @cached_property
    def _by_unit(self) -> Mapping[str, Callable[[float], str]]:
        return {
            "seconds": self.duration,
            "ratio": self.share,
            "tickets": self.count,
            "events": self.count,
            "score": self.decimal,
        }

    @cached_property
    def _by_key(self) -> Mapping[str, Callable[[float], str]]:
        return {"change": self.change, "month": self.month, "from": self.edge, "to": self.edge}

    @cached_property
    def _percent(self) -> str:
        return str(self.locale.percent_formats[None].pattern).replace("0", "0.0", 1)

    def _pair(self, large: tuple[int, str], small: tuple[int, str]) -> str:
        first = f"{self.count(large[0])}{_SPACE}{large[1]}"
        return f"{first}{_SPACE}{small[0]}{_SPACE}{small[1]}" if small[0] else first
