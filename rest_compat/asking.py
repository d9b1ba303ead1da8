"""From what was given to what is asked of GraphQL; every fault of a request is found before any is told."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rest_compat.params import DEFAULT_PERIOD, FILTERS, Parameter, parameters_of
from rest_compat.problems import Fault, bad_input
from rest_compat.readers import UNSET, Refused
from rest_compat.stored import ReportName

Given = Mapping[str, Sequence[str]]
"""What was given, by name, every value as text."""


@dataclass(frozen=True)
class Asked:
    """A report as it is asked for."""

    report: ReportName
    variables: Mapping[str, Any]
    """The stored document's variables."""
    filter: Mapping[str, Sequence[str]]
    """The filter as it was given, each value once."""
    given: Given
    """The parameters that were given, as opposed to those that stand at their default."""


@dataclass
class Reading:
    """The parameters of one request, read one by one; the faults gather."""

    report: ReportName
    given: Given
    faults: list[Fault] = field(default_factory=list)

    def asked(self) -> Asked:
        """The request, as far as it is sound; look at `faults` first."""
        known = parameters_of(self.report)
        names = [one.name for one in known]
        self.faults += [unknown(name, names) for name in self.given if name not in names]
        read = {one.name: self._values(one) for one in known}
        found = {one.name: [text for text, _ in read[one.name]] for one in FILTERS if read[one.name]}
        variables: dict[str, Any] = {
            "period": self._period(read),
            **{one.variable: _value(one, read[one.name]) for one in known if one.variable},
            "filter": _condition(found),
        }
        return Asked(self.report, variables, found, self.given)

    def _fault(self, name: str, message: str) -> None:
        self.faults.append(Fault(name, f"{name} {message}"))

    def _values(self, one: Parameter) -> list[tuple[str, Any]]:
        """A parameter's sound values, each as text and as read."""
        texts = list(dict.fromkeys(self.given.get(one.name, ())))
        if not one.repeatable and len(self.given.get(one.name, ())) > 1:
            self._fault(one.name, f"was given {len(self.given[one.name])} times. Give it once.")
            return []
        if not texts and one.default is not None:
            texts = [one.default]
        found = []
        for text in texts:
            if not text.strip():
                self._fault(one.name, f"is empty. Give a value such as {one.example}, or leave it out.")
                continue
            try:
                found.append((text, one.read(text)))
            except Refused as refused:
                message = str(refused)
                self.faults.append(
                    Fault(one.name, message if message.startswith(one.name) else f"{one.name} {message}")
                )
        return found

    def _period(self, read: Mapping[str, Sequence[tuple[str, Any]]]) -> Mapping[str, str]:
        ends = [name for name in ("since", "until") if name in self.given]
        if "period" in self.given and ends:
            self._fault("period", f"was given together with {' and '.join(ends)}. Give either, not both.")
        elif len(ends) == 1:
            missing = "until" if ends == ["since"] else "since"
            self._fault(missing, f"is missing. {ends[0]} was given; a period needs both.")
        if ends:
            return {name: value for name in ends for _, value in read[name]}
        return {"preset": next((value for _, value in read["period"]), DEFAULT_PERIOD.upper())}


def _value(one: Parameter, found: Sequence[tuple[str, Any]]) -> Any:
    values = [value for _, value in found]
    return values if one.repeatable else values[0] if values else None


def unknown(name: str, names: Iterable[str]) -> Fault:
    """The fault of a name that nothing has."""
    known = list(names)
    near = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return Fault(name, f"{name!r} is not known.{hint} Known: {', '.join(known)}.")


def _condition(found: Mapping[str, Sequence[str]]) -> dict[str, Any] | None:
    """The filter as GraphQL has it; `none` beside ids is an or."""
    plain: dict[str, Any] = {}
    either: list[dict[str, Any]] = []
    for name, values in found.items():
        ids = [value for value in values if value != UNSET]
        parts: list[dict[str, Any]] = [{"in": ids}] if ids else []
        parts += [{"isNull": True}] if UNSET in values else []
        if len(parts) == 1:
            plain[name] = parts[0]
        else:
            either.append({"or": [{name: part} for part in parts]})
    if either:
        plain["and"] = either
    return plain or None


def given_of(pairs: Iterable[tuple[str, str]]) -> Given:
    """The values of a query string by name, in order."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def asked_of(report: ReportName, given: Given) -> Asked:
    """What is asked.

    Raises: Problem, with every fault.
    """
    reading = Reading(report, given)
    asked = reading.asked()
    if reading.faults:
        raise bad_input(reading.faults)
    return asked
