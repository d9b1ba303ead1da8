"""What Freshdesk says, in the words of the import format; pure.

Source: Freshdesk's API reference, version 2: Tickets, Conversations, Surveys, Agents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any, Final

from db.sources.checks import BadCell
from db.sync.http.answer import Json
from db.sync.http.described import ApiDescribed
from db.sync.http.making import Told, in_words, instant

STATUSES: Final = {"2": "open", "3": "pending", "4": "resolved", "5": "closed", "6": "pending", "7": "on_hold"}
"""6 waits for the customer, 7 for a third party; those of one's own are in the source file."""
PRIORITIES: Final = {1: "low", 2: "normal", 3: "high", 4: "urgent"}
CHANNELS: Final = {
    "1": "email",
    "2": "web",
    "3": "phone",
    "5": "social",
    "6": "social",
    "7": "chat",
    "9": "web",
    "10": "email",
    "13": "social",
    "15": "chat",
}
_REPLY_SOURCES: Final = frozenset({0, 5, 7, 9, 13, 15, None})
"""A reply by mail, tweet, post, phone, message or web chat; a note (2), a forward (8) and a survey's answer (6) are
none."""
_BEST, _WORST = 102, -102


def ticket(one: Json, described: ApiDescribed) -> Told:
    """A ticket's row.

    Raises: BadCell, for a status or a priority that is not known.
    """
    stats = one.get("stats") or {}
    source = str(one.get("source"))
    words = {**CHANNELS, **described.words["channels"]}
    return {
        "id": described.own(one["id"]),
        "created_at": one.get("created_at"),
        "subject": one.get("subject"),
        "organization": described.own(one.get("company_id")),
        "requester": one.get("requester_id"),
        "category": _category(one, described.category),
        "priority": _priority(one.get("priority")),
        "channel": words.get(source, "other") if one.get("source") is not None else None,
        "status": present(one, described),
        "team": one.get("group_id"),
        "assignee": one.get("responder_id"),
        "tags": one.get("tags") or [],
        "first_response_at": _after(one.get("created_at"), stats.get("first_responded_at")),
        "first_response_due_at": one.get("fr_due_by"),
        "resolution_due_at": one.get("due_by"),
        "updated_at": one.get("updated_at"),
    }


def _after(created_at: object, at: object) -> object:
    """An instant, where it lies after the creation: what opens a ticket answers nobody."""
    created, when = instant(created_at), instant(at)
    return at if when is not None and created is not None and when > created else None


def present(one: Json, described: ApiDescribed) -> str:
    """A ticket's present status, where it is one of those that leave all reports, too.

    Raises: BadCell, where it is not known.
    """
    if one.get("deleted"):
        return "deleted"
    return "spam" if one.get("spam") else status(one.get("status"), described)


def status(number: object, described: ApiDescribed) -> str:
    """A status in our word.

    Raises: BadCell, where it is not known.
    """
    words = {**STATUSES, **described.words["statuses"]}
    try:
        return words[str(number)]
    except KeyError:
        reason = 'a status of your own; say under [statuses] what it is, such as "8" = "on_hold"'
        raise BadCell(reason, "status", str(number)) from None


def _priority(number: object) -> str | None:
    if number is None:
        return None
    found = PRIORITIES.get(number) if isinstance(number, int) else None
    if found is None:
        raise BadCell("not known; 1 to 4 are", "priority", str(number))
    return found


def _category(one: Json, category: str) -> str | None:
    """What stands for the ticket's category: a column of its own, or a custom field."""
    if category == "none":
        return None
    value = (one.get("custom_fields") or {}).get(category) if category.startswith("cf_") else one.get(category)
    return in_words(value)


def events(one: Json, described: ApiDescribed) -> Iterator[tuple[str, Told]]:
    """The changes of status that a ticket remembers, each with what it is called, in order of time.

    TRICKY: a ticket remembers the last of each kind only. Those of before are stored from when they were the last ones;
    where they were not, it had been open, as far as anybody can tell: so none says from what it changed.

    Raises: BadCell, for a status that is not known.
    """
    stats = one.get("stats") or {}
    created = instant(one.get("created_at"))
    now = status(one.get("status"), described)
    told = [
        (stats.get("resolved_at"), "resolved"),
        (stats.get("closed_at"), "closed"),
        (stats.get("reopened_at"), "open"),
        (stats.get("status_updated_at"), now),
    ]
    found: dict[tuple[Any, str], None] = {}
    for at, word in told:
        when = instant(at)
        if when is not None and created is not None and when > created:
            found[when, word] = None
    for when, word in sorted(found, key=lambda change: change[0]):
        at = when.astimezone(UTC).isoformat()
        row = {"ticket_id": described.own(one["id"]), "at": at, "kind": "status_changed", "to": word}
        yield f"{one['id']} {at} {word}", row


def first_reply(one: Json, conversations: Sequence[Json]) -> Json | None:
    """The first public reply of a person to a ticket; what opens the ticket is not among its conversations."""
    created = instant(one.get("created_at"))
    for said in conversations:
        is_reply = not said.get("incoming") and not said.get("private") and said.get("source") in _REPLY_SOURCES
        is_persons = not said.get("auto_response") and not said.get("automation_id") and said.get("user_id") is not None
        at = instant(said.get("created_at"))
        if is_reply and is_persons and at is not None and created is not None and at > created:
            return said
    return None


def reply(one: Json, said: Json, described: ApiDescribed) -> Told:
    """The event of a first reply."""
    return {
        "ticket_id": described.own(one["id"]),
        "at": said["created_at"],
        "kind": "public_reply",
        "actor": said["user_id"],
        "actor_kind": "agent",
    }


def rating(one: Json, described: ApiDescribed) -> Told:
    """A rating's row: the survey's first question.

    Raises: BadCell, where it has no answer that is known.
    """
    value = (one.get("ratings") or {}).get("default_question")
    return {
        "ticket_id": described.own(one.get("ticket_id")),
        "at": one.get("created_at"),
        "score": score(value),
        "agent": one.get("agent_id"),
        "comment": one.get("feedback"),
    }


def score(value: object) -> int:
    """A score of 1 to 5: Freshdesk's seven, from extremely unhappy to extremely happy, without its two extremes.

    Raises: BadCell, where it is none of those.
    """
    if not isinstance(value, int) or abs(value) not in (100, 101, 102, 103) or value == -100:
        raise BadCell("not a rating; 100 to 103 and -101 to -103 are", "score", str(value))
    if value >= _BEST:
        return 5
    if value <= _WORST:
        return 1
    return {101: 4, 100: 3, -101: 2}[value]


def agent(one: Json) -> Told:
    """An agent's row."""
    contact = one.get("contact") or {}
    groups = one.get("group_ids") or []
    return {
        "id": one["id"],
        "name": contact.get("name"),
        "email": contact.get("email"),
        "team": groups[0] if len(groups) == 1 else None,
        "active": contact.get("active", True) and not one.get("deactivated", False),
    }
