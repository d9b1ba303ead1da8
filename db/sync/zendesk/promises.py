"""Zendesk's schedules and SLA policies in the words of the import format; pure.

Source: Zendesk's API reference, Schedules, SLA Policies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from db.sources.checks import BadCell
from db.sync.http.answer import Json
from db.sync.http.described import ApiDescribed
from db.sync.http.making import Told, in_words
from db.zones import is_known

_DAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_DAY_MINUTES: Final = 1_440
_ZONES: Final = {
    "Alaska": "America/Anchorage",
    "Arizona": "America/Phoenix",
    "Atlantic Time (Canada)": "America/Halifax",
    "Central Time (US & Canada)": "America/Chicago",
    "Eastern Time (US & Canada)": "America/New_York",
    "Edinburgh": "Europe/London",
    "Hawaii": "Pacific/Honolulu",
    "Mountain Time (US & Canada)": "America/Denver",
    "Pacific Time (US & Canada)": "America/Los_Angeles",
    "Beijing": "Asia/Shanghai",
    "Bern": "Europe/Zurich",
    "Brasilia": "America/Sao_Paulo",
    "Mumbai": "Asia/Kolkata",
    "New Delhi": "Asia/Kolkata",
    "Osaka": "Asia/Tokyo",
    "Samoa": "Pacific/Apia",
    "Wellington": "Pacific/Auckland",
}
"""Names of zones that Zendesk has beside those of their cities."""

_RESOLUTION: Final = {
    "total_resolution_time": (),
    "requester_wait_time": ("pending",),
    "agent_work_time": ("pending", "on_hold"),
}
"""The targets that a resolution ends, the first of them counts: and in which statuses their clocks stand."""
_PRIORITIES: Final = ("low", "normal", "high", "urgent")


def calendar_name(schedule: Json) -> str:
    """What a schedule's calendar is called."""
    return f"{schedule.get('name')} ({schedule['id']})"


def calendar(schedule: Json, holidays: Sequence[Json], described: ApiDescribed) -> Told:
    """A schedule's calendar. Its intervals are minutes of a week that begins on Sunday.

    Raises: BadCell, for a zone that is not known.
    """
    spans: dict[str, list[list[str]]] = {}
    for interval in schedule.get("intervals") or ():
        for day, since, until in _by_day(int(interval["start_time"]), int(interval["end_time"])):
            spans.setdefault(_DAYS[day], []).append([_clock(since), _clock(until)])
    closed = {day for holiday in holidays for day in _days(holiday)}
    return {
        "name": calendar_name(schedule),
        "zone": _zone(str(schedule.get("time_zone")), described.words["zones"]),
        "spans": {day: _joined(found) for day, found in spans.items()},
        "holidays": sorted(closed),
    }


def _by_day(since: int, until: int) -> Iterator[tuple[int, int, int]]:
    while since < until:
        day, minute = divmod(since, _DAY_MINUTES)
        end = min(until - day * _DAY_MINUTES, _DAY_MINUTES)
        yield day % len(_DAYS), minute, end
        since = day * _DAY_MINUTES + end


def _joined(spans: list[list[str]]) -> list[list[str]]:
    """The spans of a day, those that meet as one."""
    found: list[list[str]] = []
    for since, until in sorted(spans):
        if found and since <= found[-1][1]:
            found[-1][1] = max(found[-1][1], until)
        else:
            found.append([since, until])
    return found


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _days(holiday: Json) -> Iterator[str]:
    day, last = (date.fromisoformat(str(holiday[side])[:10]) for side in ("start_date", "end_date"))
    while day <= last:
        yield day.isoformat()
        day += timedelta(days=1)


def _zone(name: str, further: Mapping[str, str]) -> str:
    found = further.get(name) or _ZONES.get(name) or _cities().get(name, name)
    if not is_known(found):
        raise BadCell('a zone that is not known; say under [zones] which it is, such as "Europe/Berlin"', "zone", name)
    return found


@cache
def _cities() -> Mapping[str, str]:
    """Zones by their cities."""
    return {name.rsplit("/", 1)[1].replace("_", " "): name for name in sorted(available_timezones()) if "/" in name}


def policies(policy: Json, calendar_of: str | None, described: ApiDescribed) -> Iterator[tuple[str, Told | BadCell]]:
    """The rows of a policy, one for each priority that it has targets for, or why there can be none."""
    title = str(policy.get("title"))
    try:
        conditions = _conditions(policy.get("filter") or {}, described)
    except BadCell as fault:
        yield title, fault
        return
    targets: dict[str, dict[str, Json]] = {}
    for metric in policy.get("policy_metrics") or ():
        targets.setdefault(str(metric.get("priority")), {})[str(metric.get("metric"))] = metric
    for unknown in sorted(targets.keys() - {*_PRIORITIES}):
        yield f"{title}, {unknown}", BadCell(f"not known; known are {', '.join(_PRIORITIES)}", "priority", unknown)
    for number, matched in enumerate(conditions, 1):
        for priority in [one for one in _PRIORITIES if one in targets and matched.get("priority", one) == one]:
            name = f"{title}, {priority}" + (f", {number}" if len(conditions) > 1 else "")
            try:
                yield name, _policy(name, matched | {"priority": priority}, targets[priority], calendar_of)
            except BadCell as fault:
                yield name, fault


def _policy(name: str, matched: Mapping[str, str], targets: Mapping[str, Json], calendar_of: str | None) -> Told:
    ended_by = next((one for one in _RESOLUTION if one in targets), None)
    used = [targets[one] for one in ("first_reply_time", ended_by) if one is not None and one in targets]
    if len({bool(one.get("business_hours")) for one in used}) > 1:
        raise BadCell("one target runs in business hours and the other does not", "clock", name)
    is_business = any(one.get("business_hours") for one in used)
    return {
        "name": name,
        "match": ";".join(f"{key}={value}" for key, value in matched.items()),
        "first_response_seconds": _seconds(targets.get("first_reply_time")),
        "resolution_seconds": _seconds(targets[ended_by]) if ended_by else None,
        "clock": "business" if is_business else "calendar",
        "pause_on": list(_RESOLUTION[ended_by]) if ended_by else [],
        "calendar": calendar_of,
    }


def _seconds(target: Json | None) -> int | None:
    """A target as Zendesk has it: in minutes, newer ones in seconds, too."""
    if target is None:
        return None
    exact = target.get("target_in_seconds")
    return int(exact) if exact is not None else int(target["target"]) * 60


def _conditions(given: Json, described: ApiDescribed) -> list[dict[str, str]]:
    """Whom a policy is for: any of these.

    Raises: BadCell, for a condition on what an SLA policy here cannot ask.
    """
    known = {"organization_id": "organization", "priority": "priority"}
    if described.category != "none":
        number = described.category
        names = (f"custom_fields_{number}", f"ticket_fields_{number}") if number.isdigit() else (number,)
        known |= dict.fromkeys((*names, f"ticket_{number}"), "category")
    shared: dict[str, str] = {}
    for condition in given.get("all") or ():
        key, value = _matched(condition, known, described)
        if shared.setdefault(key, value) != value:
            raise BadCell("two conditions on the same thing", "match", str(condition))
    either = [_matched(condition, known, described) for condition in given.get("any") or ()]
    if any(key in shared for key, _ in either):
        raise BadCell("two conditions on the same thing", "match", str(given.get("any")))
    return [shared | {key: value} for key, value in either] or [shared]


def _matched(condition: Json, known: Mapping[str, str], described: ApiDescribed) -> tuple[str, str]:
    key, operator, value = known.get(str(condition.get("field"))), condition.get("operator"), condition.get("value")
    told = f"{condition.get('field')} {operator} {value}"
    if key is None or operator != "is" or value is None or isinstance(value, list | dict):
        raise BadCell("a condition that an SLA policy here cannot have; its targets count for nobody", "match", told)
    return key, f"{described.prefix if key == 'organization' else ''}{in_words(value)}"
