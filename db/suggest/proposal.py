"""A mapping proposed: each cell with how sure it is, why, and what somebody has to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from db.suggest.matching import SURE, Candidate
from db.suggest.names import folded
from db.suggest.profile import Profile
from db.suggest.relations import CLEARABLE, Relations
from db.suggest.words import STATUS_WORDS, Translation, translate

REQUIRED: Final = ("id", "created_at")
ORDER: Final = (
    "id", "created_at", "subject", "organization", "requester", "category", "priority", "channel", "status", "team",
    "assignee", "tags", "first_response_at", "first_responder", "resolved_at", "closed_at", "reopen_count",
    "first_response_due_at", "resolution_due_at", "updated_at",
)  # fmt: skip
TRANSLATED: Final = ("status", "priority", "channel")
GROUPED: Final = ("organization", "category", "team")
LOGGED: Final = ("status", "assignee", "team", "category", "priority")
_EVERY_COLUMN: Final = 15
"""More columns than that which nobody reads are ignored as `*`."""
_GUESSED: Final = 0.6
"""How sure what stands in for something else is."""


@dataclass(frozen=True)
class Cell:
    """A cell of the mapping."""

    table: str
    column: str
    entry: Any
    """As TOML says it."""
    confidence: float
    reason: str
    samples: tuple[str, ...] = ()
    check: str = ""
    """What somebody has to look at."""
    unknown: tuple[str, ...] = ()
    """Its words that nothing stands for."""

    @property
    def is_sure(self) -> bool:
        """Whether nobody has to be asked."""
        return self.confidence >= SURE and not self.check


@dataclass(frozen=True)
class Setting:
    """A setting of the whole file."""

    key: str
    value: Any
    reason: str
    check: str = ""


@dataclass(frozen=True)
class Proposal:
    """A whole mapping."""

    settings: tuple[Setting, ...]
    cells: tuple[Cell, ...]
    missing: tuple[str, ...]
    """Required columns that were not found."""
    notes: tuple[str, ...] = ()

    @property
    def document(self) -> dict[str, Any]:
        """The mapping as a TOML document."""
        found: dict[str, Any] = {setting.key: setting.value for setting in self.settings}
        for cell in self.cells:
            found.setdefault(cell.table, {})[cell.column] = cell.entry
        return found


@dataclass(frozen=True)
class Look:
    """What is known of a file when the proposal is made."""

    profiles: tuple[Profile, ...]
    chosen: Mapping[str, Candidate]
    relations: Relations
    zone: str | None
    """The zone of times without offset, where somebody said it."""
    words: Mapping[str, Mapping[str, str]]
    """By column, words that somebody translated; an empty one is absent."""
    written: Sequence[Setting]
    """Delimiter and encoding, where they are not the usual ones."""
    nested: tuple[str, ...]
    """Keys of JSON objects that no mapping reads."""


def proposal_of(look: Look) -> Proposal:
    """The mapping that this look at a file suggests."""
    chosen = dict(look.chosen)
    notes = list(_notes(look))
    is_log = look.relations.is_log and "updated_at" in chosen
    if is_log and {"closed_at", "resolved_at", "status"} <= chosen.keys():
        del chosen["closed_at"]
        notes.append("closed_at is left out: the log has each move to closed, and closing is no second resolution")
    spelling = _spelling(chosen)
    cells = [_cell(look, chosen[column], spelling) for column in ORDER if column in chosen]
    cells += _stand_ins(chosen, spelling)
    cells.sort(key=lambda cell: ORDER.index(cell.column))
    cells += _ratings(chosen, spelling)
    if is_log:
        cells += _log(chosen, spelling)
    missing = tuple(column for column in REQUIRED if column not in chosen)
    settings = (*look.written, *_settings(look, chosen, spelling), *_log_settings(chosen, is_log=is_log))
    return Proposal((*settings, _ignored(look, cells)), tuple(cells), missing, tuple(notes))


def _notes(look: Look) -> Sequence[str]:
    relations = look.relations
    if relations.repeated and not (relations.is_log and "updated_at" in look.chosen):
        return (
            f"{relations.repeated:,} rows have an id that stood there before: each would be rejected as a duplicate",
        )
    return ()


def _spelling(chosen: Mapping[str, Candidate]) -> str:
    """How most of the chosen times are written."""
    forms = [one.source.time.spelling for column, one in chosen.items() if one.source.time and column.endswith("_at")]
    return Counter(forms).most_common(1)[0][0] if forms else "iso"


def _settings(look: Look, chosen: Mapping[str, Candidate], spelling: str) -> Sequence[Setting]:
    found = []
    times = [one.source.time for column, one in chosen.items() if one.source.time and column.endswith("_at")]
    rivals = next((form.rivals for form in times if form.spelling == spelling and form.rivals), ())
    settled = any(form.spelling == spelling and not form.rivals for form in times)
    if spelling != "iso":
        check = f"every time could be {' or '.join(rivals)} as well" if rivals and not settled else ""
        found.append(Setting("time", spelling, "how most times are written", check))
    if any(not form.has_offset for form in times):
        unsaid = (
            "" if look.zone else "times have no offset and nothing says where they were written down; UTC is a reading"
        )
        found.append(Setting("zone", look.zone or "UTC", "of times without offset", unsaid))
    absent = sorted({text for one in chosen.values() for text in one.source.absent})
    if absent:
        found.append(Setting("absent", absent, "words that stand for nothing"))
    early = {name: look.relations.early[name] for name in CLEARABLE if name in chosen and name in look.relations.early}
    if early:
        told = ", ".join(f"{name} {count:,}" for name, count in early.items())
        found.append(Setting("absent_before_creation", list(early), f"rows where it lies before the creation: {told}"))
    return found


def _log_settings(chosen: Mapping[str, Candidate], *, is_log: bool) -> Sequence[Setting]:
    if is_log and "resolved_at" in chosen:
        return (Setting("prefer", "columns", "the source says when it was resolved; the log adds what is missing"),)
    return ()


def _ignored(look: Look, cells: Sequence[Cell]) -> Setting:
    read = {name for cell in cells for name in _read(cell.entry)}
    unread = [profile.name for profile in look.profiles if profile.name not in read] + list(look.nested)
    if len(unread) > _EVERY_COLUMN:
        return Setting("ignore", "*", f"nobody reads these: {', '.join(unread)}")
    return Setting("ignore", unread, "nobody reads these")


def _read(entry: Any) -> Sequence[str]:
    if isinstance(entry, str):
        return (entry,)
    return (entry["column"],) if isinstance(entry, dict) else ()


def _cell(look: Look, one: Candidate, spelling: str) -> Cell:
    """A cell of [tickets]."""
    extra: dict[str, Any] = {}
    check = ""
    unknown: tuple[str, ...] = ()
    source = one.source
    if one.column in TRANSLATED:
        read = _translated(look, one)
        unknown = read.unknown
        extra, check = _mapped(one, read)
    elif one.column in GROUPED:
        spellings = _spelt_twice(source)
        extra = {"map": spellings, "otherwise": "pass"} if spellings else {}
        check = f"{len(spellings)} spelt another way are taken as one" if spellings else ""
    elif one.column.endswith("_at"):
        extra, check = _timed(source, spelling)
    entry: Any = {"column": source.name, **extra} if extra else source.name
    return Cell("tickets", one.column, entry, one.confidence, one.reason, source.samples, check, unknown)


def _translated(look: Look, one: Candidate) -> Translation:
    read = translate(one.column, one.source.words)
    said = look.words.get(one.column, {})
    read = replace(read, known={**read.known, **said}, unknown=tuple(word for word in read.unknown if word not in said))
    if one.column != "status" or "new" in read.known.values():
        return read
    begun = {word for word, said in read.known.items() if said == "open"}
    fresh = {word for word in begun & look.relations.unanswered if STATUS_WORDS.get(folded(word.strip())) == "open"}
    if not fresh or fresh == begun:
        return read
    return replace(read, known={**read.known, **dict.fromkeys(fresh, "new")})


def _mapped(one: Candidate, read: Translation) -> tuple[dict[str, Any], str]:
    if not read.is_needed:
        return {}, ""
    told = ", ".join(f"{word!r} ({one.source.words[word]:,})" for word in read.unknown[:5])
    if one.column == "channel":
        known = {**read.known, **dict.fromkeys(read.unknown, "other")}
        return {"map": known}, f"taken as other: {told}" if told else ""
    return {"map": dict(read.known)}, f"no word of the format for {told}: such rows are rejected" if told else ""


def _timed(source: Profile, spelling: str) -> tuple[dict[str, Any], str]:
    extra: dict[str, Any] = {}
    if source.time_strays:
        extra["absent"] = sorted(source.time_strays)
    if source.time and source.time.spelling != spelling:
        extra["time"] = source.time.spelling
    check = f"words beside the times: {', '.join(sorted(source.time_strays))}" if source.time_strays else ""
    return extra, check


def _spelt_twice(source: Profile) -> dict[str, str]:
    """Names that differ from a more frequent one in capitals and blanks alone."""
    first: dict[str, str] = {}
    for name in sorted(source.words, key=lambda name: (-source.words[name], name)):
        first.setdefault(" ".join(name.casefold().split()), name)
    said = {name: first[" ".join(name.casefold().split())] for name in source.words}
    return {name: other for name, other in said.items() if name != other}


def _stand_ins(chosen: Mapping[str, Candidate], spelling: str) -> Sequence[Cell]:
    """What no column says, and another one may stand for."""
    if "first_response_at" in chosen and "first_responder" not in chosen and "assignee" in chosen:
        one = chosen["assignee"]
        check = "nobody is named who answered first; the assignee stands for them"
        return (
            Cell("tickets", "first_responder", one.source.name, _GUESSED, "the only agent", one.source.samples, check),
        )
    return ()


def _ratings(chosen: Mapping[str, Candidate], spelling: str) -> Sequence[Cell]:
    score = chosen.get("score")
    if score is None or "id" not in chosen:
        return ()
    at = next((chosen[name] for name in ("rated_at", "closed_at", "resolved_at", "updated_at") if name in chosen), None)
    if at is None:
        return ()
    strays = sorted(score.source.strays or ())
    value: Any = {"column": score.source.name, "absent": strays} if strays else score.source.name
    extra, _ = _timed(at.source, spelling)
    when: Any = {"column": at.source.name, **extra} if extra else at.source.name
    known = at.column == "rated_at"
    unsaid = "" if known else "nothing says when the survey was answered; this instant stands for it"
    return (
        Cell("ratings", "where", "score", 1.0, "no rating without a score"),
        Cell("ratings", "ticket_id", chosen["id"].source.name, chosen["id"].confidence, "the ticket's id"),
        Cell("ratings", "at", when, at.confidence if known else _GUESSED, at.reason, at.source.samples, unsaid),
        Cell("ratings", "score", value, score.confidence, score.reason, score.source.samples),
        *(
            Cell("ratings", "comment", one.source.name, one.confidence, one.reason, ())
            for one in (chosen.get("comment"),)
            if one is not None
        ),
    )


def _log(chosen: Mapping[str, Candidate], spelling: str) -> Sequence[Cell]:
    at = chosen["updated_at"]
    extra, _ = _timed(at.source, spelling)
    entry: Any = {"column": at.source.name, **extra} if extra else at.source.name
    changes = [column for column in LOGGED if column in chosen]
    return (
        Cell(
            "event_log",
            "at",
            entry,
            at.confidence,
            "a ticket has several rows, which stand together",
            at.source.samples,
        ),
        Cell("event_log", "changes", changes, at.confidence, "what the rows of a ticket say anew each time"),
    )
