"""The export's body: read with a limit, and turned into what is asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from starlette.requests import Request

from rest_compat.asking import Given, Reading, unknown
from rest_compat.export.formats import FORMATS
from rest_compat.export.locales import known_locale, marks_of
from rest_compat.export.options import PLAIN, Marks, Options
from rest_compat.export.order import Order
from rest_compat.params import BY_NAME, EVERY, parameters_of
from rest_compat.problems import Fault, Kind, Problem, bad_input
from rest_compat.stored import ReportName

MAX_BODY_BYTES: Final = 64 * 1024
REPORTS: Final = {report.value: report for report in ReportName}
OWN: Final = ("report", "format", "locale", "bom", "separator")
"""The members of an order that are no parameters of a report."""
OF_LOCALE: Final = "locale"
ENGLISH: Final = "en"
SEPARATORS: Final = (OF_LOCALE, ",", ";", "\t")
_LOCALE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)


async def read_body(request: Request) -> bytes:
    """The body.

    Raises: Problem, for another type than JSON in UTF-8, or one too large.
    """
    media_type, *further = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    charset = next((part[8:].strip('"') for part in further if part.startswith("charset=")), "utf-8")
    encoding = request.headers.get("content-encoding", "identity")
    if media_type != "application/json" or charset != "utf-8" or encoding != "identity":
        raise Problem(
            Kind.UNSUPPORTED_MEDIA_TYPE,
            "The body is not JSON. Send `Content-Type: application/json`, in UTF-8, not compressed.",
            headers={"Accept-Post": "application/json"},
        )
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise Problem(
                Kind.CONTENT_TOO_LARGE, f"The body is larger than {MAX_BODY_BYTES} bytes. Send a smaller one."
            )
    return bytes(body)


def order_of(body: bytes) -> Order:
    """What is asked.

    Raises: Problem, with every fault.
    """
    members = _members(body)
    faults: list[Fault] = []
    report = REPORTS.get(_word(members, "report", REPORTS, faults))
    chosen = FORMATS.get(_word(members, "format", FORMATS, faults))
    faults += _extras(members)
    given, misshapen = _given(members)
    faults += misshapen
    reading = Reading(report or ReportName.SUMMARY, given)
    asked = reading.asked()
    faults += _among_members(reading.faults, report)
    if faults:
        raise bad_input(faults)
    assert report is not None
    assert chosen is not None
    return Order(asked, chosen, _options(members))


def _members(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, _Repeated) else "it cannot be read"
        raise Problem(Kind.BAD_INPUT, f"The body is not a JSON object: {reason}.") from None
    if not isinstance(found, dict):
        raise Problem(Kind.BAD_INPUT, 'The body is not a JSON object. Send one such as {"report": "summary", ...}.')
    return {name: value for name, value in found.items() if value is not None}


class _Repeated(ValueError):
    """A member that stands twice."""


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Repeated(f"the member {next(name for name in names if names.count(name) > 1)!r} stands twice")
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _word(members: Mapping[str, Any], name: str, now: Iterable[str], faults: list[Fault]) -> str:
    value = members.get(name)
    if isinstance(value, str) and value in now:
        return value
    said = "is missing" if value is None else f"{value!r} is not known"
    faults.append(Fault(name, f"{name} {said}. Give one of {', '.join(now)}."))
    return ""


def _extras(members: Mapping[str, Any]) -> list[Fault]:
    faults = []
    locale, bom, separator = members.get("locale"), members.get("bom"), members.get("separator")
    if locale is not None and not (isinstance(locale, str) and _LOCALE.fullmatch(locale)):
        faults.append(Fault("locale", f"locale {locale!r} is not a language tag. Give one such as en or de-CH."))
    elif separator == OF_LOCALE and not known_locale(locale or ENGLISH):
        faults.append(Fault("locale", f"How {locale} separates is not known. Give another locale, or a separator."))
    if bom is not None and not isinstance(bom, bool):
        faults.append(Fault("bom", f"bom {bom!r} is neither true nor false."))
    if separator is not None and separator not in SEPARATORS:
        known = ", ".join(map(repr, SEPARATORS))
        faults.append(Fault("separator", f"separator {separator!r} is not known. Give one of {known}."))
    chosen = FORMATS.get(str(members.get("format")))
    told = {fault.parameter for fault in faults}
    return faults + [
        Fault(name, f"{name} is for csv only, not for {chosen.name}. Leave it out.")
        for name in ("bom", "separator")
        if members.get(name) and chosen and name not in chosen.options and name not in told
    ]


def _options(members: Mapping[str, Any]) -> Options:
    language, separator = members.get("locale", ENGLISH), members.get("separator")
    marks = marks_of(language) if separator == OF_LOCALE else Marks(separator or PLAIN.separator, PLAIN.decimal)
    return Options(language, members.get("bom", False), marks)


def _given(members: Mapping[str, Any]) -> tuple[Given, list[Fault]]:
    """The members that are parameters, as text, and those of a shape that no parameter has."""
    given: dict[str, list[str]] = {}
    faults = []
    for name, value in members.items():
        if name in OWN:
            continue
        known = BY_NAME.get(name)
        values = value if isinstance(value, list) else [value]
        if known is None:
            given[name] = []
        elif not values or any(isinstance(one, bool) or not isinstance(one, str | int) for one in values):
            shape = "a string or a list of strings" if known.repeatable else "a string or a whole number"
            faults.append(Fault(name, f"{name} cannot be read. Give {shape}, or leave it out."))
        elif name == "edges":
            given[name] = [",".join(map(str, values))]
        elif isinstance(value, list) and not known.repeatable:
            faults.append(Fault(name, f"{name} is a list. Give one value."))
        else:
            given[name] = [str(one) for one in values]
    return given, faults


def _among_members(faults: Iterable[Fault], report: ReportName | None) -> list[Fault]:
    """The parameters' faults, with unknown names told among all members that the body knows.

    Without a report, what only some reports know cannot be judged.
    """
    known = [one.name for one in (parameters_of(report) if report else BY_NAME.values())]
    found = []
    for fault in faults:
        if fault.parameter not in known:
            found.append(unknown(fault.parameter, [*OWN, *known]))
        elif report or BY_NAME[fault.parameter].reports == EVERY:
            found.append(fault)
    return found
