"""Which source column is which column of the format: by name and by what it holds, each source column at most once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from db.suggest.lexicon import ALIASES
from db.suggest.names import fit
from db.suggest.profile import Profile
from db.suggest.words import translate

ENOUGH: Final = 0.5
"""The confidence below which nothing is proposed."""
SURE: Final = 0.75
"""The confidence from which nobody is asked."""
_NAME_WEIGHT: Final = 0.7
_GROUPS: Final = 500
"""Categories, teams and the like are so many at most, or a small part of the rows."""


@dataclass(frozen=True)
class Candidate:
    """A source column that may be a column of the format."""

    column: str
    source: Profile
    confidence: float
    reason: str


Fit = tuple[float, str]
"""How well what a column holds fits, from 0 to 1, and what was seen."""


def candidates(profiles: Sequence[Profile]) -> list[Candidate]:
    """Every pair whose name and values agree, the surest first."""
    found = []
    for place, profile in enumerate(profiles):
        for column in ALIASES:
            name = fit(profile.name, column)
            value, seen = FITS[column](profile) if name else (0.0, "")
            confidence = (_NAME_WEIGHT * name + (1 - _NAME_WEIGHT) * value) * min(1.0, 2 * value)
            if confidence >= ENOUGH:
                reason = f"{'named so' if name > 0.9 else 'named alike'}; {seen}"
                found.append((-confidence, place, Candidate(column, profile, round(confidence, 2), reason)))
    return [one for _, _, one in sorted(found, key=lambda one: one[:2])]


def chosen(found: Sequence[Candidate], fixed: Mapping[str, Candidate | None]) -> dict[str, Candidate]:
    """One candidate for each column of the format, none twice; what is fixed stays."""
    taken = {column: one for column, one in fixed.items() if one is not None}
    used = {one.source.name for one in taken.values()}
    for one in found:
        if one.column not in taken and one.column not in fixed and one.source.name not in used:
            taken[one.column] = one
            used.add(one.source.name)
    return taken


def _id(profile: Profile) -> Fit:
    if profile.filled < profile.rows or profile.time:
        return 0.0, ""
    if profile.is_unique:
        return 1.0, f"all {profile.filled:,} are different"
    repeats = profile.filled / profile.distinct
    return (0.7 if 1 < repeats < 100 else 0.0), f"{profile.distinct:,} ids on {profile.filled:,} rows"


def _time(profile: Profile) -> Fit:
    if profile.time is None:
        return 0.0, ""
    offset = "with offset" if profile.time.has_offset else "without offset"
    return 1.0, f"{profile.filled:,} times, {profile.time.spelling}, {offset}"


def _creation(profile: Profile) -> Fit:
    value, seen = _time(profile)
    return (value if profile.filled >= 0.99 * profile.rows else 0.0), seen


def _word(column: str) -> Callable[[Profile], Fit]:
    def look(profile: Profile) -> Fit:
        if profile.beyond or len(profile.words) > 100:
            return 0.0, ""
        read = translate(column, profile.words)
        seen = f"{len(read.known)} of {len(profile.words)} words known, on {read.share:.1%} of the rows"
        return (max(0.6, read.share) if read.share > 0.3 else 0.0), seen

    return look


def _group(profile: Profile) -> Fit:
    few = profile.distinct <= max(_GROUPS, 0.02 * profile.filled) and profile.distinct < 0.9 * profile.filled
    if not few or profile.time or profile.is_flag or profile.distinct < 2:
        return 0.0, ""
    return 1.0, f"{profile.distinct:,} different on {profile.filled:,} rows"


def _person(profile: Profile) -> Fit:
    if profile.time or profile.is_flag or profile.distinct < 2:
        return 0.0, ""
    return 1.0, f"{profile.distinct:,} different on {profile.filled:,} rows"


def _text(profile: Profile) -> Fit:
    if profile.time or profile.is_number or not profile.words:
        return 0.0, ""
    varied = profile.distinct >= 0.01 * profile.filled
    return (1.0 if varied else 0.5), f"texts of {profile.length:.0f} characters, {profile.distinct:,} different"


def _count(profile: Profile) -> Fit:
    return (1.0 if profile.is_integer else 0.0), "whole numbers"


def _score(profile: Profile) -> Fit:
    return (1.0 if profile.strays is not None else 0.0), f"{profile.filled:,} scores of 1 to 5"


FITS: Final[dict[str, Callable[[Profile], Fit]]] = {
    "id": _id,
    "created_at": _creation,
    "subject": _text,
    "organization": _group,
    "requester": _person,
    "category": _group,
    "priority": _word("priority"),
    "channel": _word("channel"),
    "status": _word("status"),
    "team": _group,
    "assignee": _person,
    "tags": _group,
    "first_response_at": _time,
    "first_responder": _person,
    "resolved_at": _time,
    "closed_at": _time,
    "reopen_count": _count,
    "first_response_due_at": _time,
    "resolution_due_at": _time,
    "updated_at": _time,
    "score": _score,
    "rated_at": _time,
    "comment": _text,
}
"""What the values say of a column, by the format's column."""
