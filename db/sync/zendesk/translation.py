"""What Zendesk says, in the words of the import format; pure.

Source: Zendesk's API reference, Tickets, Incremental Exports (ticket events), Satisfaction Ratings, Users.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from db.sources.checks import BadCell
from db.sync.http.answer import Json
from db.sync.http.described import ApiDescribed
from db.sync.http.making import Told, in_words

STATUSES: Final = {
    "new": "new",
    "open": "open",
    "pending": "pending",
    "hold": "on_hold",
    "solved": "resolved",
    "closed": "closed",
    "deleted": "deleted",
}
CHANNELS: Final = {
    "email": "email",
    "web": "web",
    "web_form": "web",
    "web_service": "api",
    "help_center": "web",
    "web_widget": "web",
    "mobile": "web",
    "mobile_sdk": "web",
    "api": "api",
    "chat": "chat",
    "chat_transcript": "chat",
    "offline_message": "chat",
    "messaging": "chat",
    "native_messaging": "chat",
    "voice": "phone",
    "phone": "phone",
    "sms": "phone",
    "text": "phone",
    "facebook": "social",
    "instagram_dm": "social",
    "line": "social",
    "telegram": "social",
    "twitter": "social",
    "viber": "social",
    "wechat": "social",
    "whatsapp": "social",
}
"""The first ways by which tickets come; any other is `other`, unless the source file says what it is."""
SCORES: Final = {"good": 5, "bad": 1}
"""The two answers as the ends of the scale, so that good ones are the satisfied ones."""
NOT_ANSWERED: Final = frozenset({None, "offered", "unoffered"})
MERGED_TAG: Final = "closed_by_merge"
"""Zendesk itself tags a ticket so that it has merged into another."""
_SYSTEM: Final = "-1"
_OF_RULES: Final = frozenset({"rule", "system", "automation", "trigger", "answer_bot", "answer_bot_for_agents"})
_CHANGES: Final = {
    "status": "status_changed",
    "assignee_id": "assigned",
    "group_id": "team_changed",
    "priority": "priority_changed",
}
"""What changes of a ticket's own fields are events, and which."""


def ticket(one: Json, described: ApiDescribed) -> Told:
    """A ticket's row.

    Raises: BadCell, for a status that is not known.
    """
    via = one.get("via") or {}
    channel = str(via.get("channel") or "")
    words = {**CHANNELS, **described.words["channels"]}
    tags = one.get("tags") or []
    return {
        "id": described.own(one["id"]),
        "created_at": one.get("created_at"),
        "subject": one.get("subject"),
        "organization": described.own(one.get("organization_id")),
        "requester": one.get("requester_id"),
        "category": _category(one, described.category),
        "priority": one.get("priority"),
        "channel": words.get(channel, "other") if channel else None,
        "status": "merged" if MERGED_TAG in tags else status(one.get("status")),
        "team": one.get("group_id"),
        "assignee": one.get("assignee_id"),
        "tags": tags,
        "updated_at": one.get("updated_at"),
    }


def status(word: object) -> str:
    """A status in our word.

    Raises: BadCell, where it is not known.
    """
    try:
        return STATUSES[str(word)]
    except KeyError:
        raise BadCell(f"not known; known are {', '.join(STATUSES)}", "status", str(word)) from None


def _category(one: Json, category: str) -> str | None:
    """What stands for the ticket's category: a column of its own, or a custom field by its number."""
    if category == "none":
        return None
    if not category.isdigit():
        return in_words(one.get(category))
    value = next((field.get("value") for field in one.get("custom_fields") or () if field["id"] == int(category)), None)
    return in_words(value)


def instant_of(audit: Json) -> str:
    """When an audit was made."""
    return str(audit.get("created_at") or datetime.fromtimestamp(audit["timestamp"], UTC).isoformat())


def changes(audit: Json) -> Iterator[tuple[str, Any, Any]]:
    """The changes of a ticket's own fields in an audit: the field, from what, to what.

    A child event names its field by a key of that name, in exports, or by `field_name`, in single audits.
    """
    for child in audit.get("child_events") or ():
        if _kind(child) != "Change":
            continue
        named = child.get("field_name")
        for name in _CHANGES:
            if named == name or (named is None and name in child):
                yield name, child.get("previous_value") or None, child.get("value" if named else name) or None


def events(audit: Json, agents: Container[str], described: ApiDescribed) -> Iterator[tuple[str, Told]]:
    """The events of an audit, each with what it is called.

    TRICKY: who made a change is not told with its kind: who is an agent is known better later, and an event that came
    again with another kind would be a second one.

    Raises: BadCell, for a status that is not known.
    """
    shared = {"ticket_id": described.own(audit["ticket_id"]), "at": instant_of(audit)}
    key = f"{audit['ticket_id']} {audit['id']}"
    for field, was, becomes in changes(audit):
        if field == "status":
            if becomes == "deleted":  # the ticket's row says so, and a restored one takes its history up again
                continue
            was, becomes = was and status(was), status(becomes)
        told = {"kind": _CHANGES[field], "actor": audit.get("updater_id"), "from": was, "to": becomes}
        yield f"{key} {field}", shared | told
    author = speaker(audit)
    if author is not None and author in agents:
        yield f"{key} comment", shared | {"kind": "public_reply", "actor": author, "actor_kind": "agent"}


def speaker(audit: Json) -> str | None:
    """Who says something in public; the message that opens a ticket answers nobody, nor does a rule."""
    children = audit.get("child_events") or ()
    if any(_kind(child) == "Create" for child in children):
        return None
    for child in children:
        author = str(child.get("author_id") or audit.get("updater_id"))
        is_by_rule = author == _SYSTEM or _channel(child) in _OF_RULES or _channel(audit) in _OF_RULES
        if _kind(child) == "Comment" and child.get("public") and not is_by_rule:
            return author
    return None


def _kind(child: Json) -> object:
    return child.get("event_type") or child.get("type")


def _channel(one: Json) -> str:
    via = one.get("via")
    return str((via or {}).get("channel") if isinstance(via, dict) or via is None else via).lower()


def rating(one: Json, described: ApiDescribed) -> Told:
    """A rating's row, of one that was answered. Zendesk keeps one a ticket; what was answered last counts.

    Raises: BadCell, for an answer that is not known.
    """
    if one["score"] not in SCORES:
        raise BadCell(f"not known; known are {', '.join(SCORES)}", "score", str(one["score"]))
    return {
        "ticket_id": described.own(one.get("ticket_id")),
        "at": rated_at(one),
        "score": SCORES[one["score"]],
        "agent": one.get("assignee_id"),
        "comment": one.get("comment"),
    }


def rated_at(one: Json) -> object:
    """When a rating was answered."""
    return one.get("updated_at") or one.get("created_at")


def agent(one: Json) -> Told:
    """An agent's row."""
    return {
        "id": one["id"],
        "name": one.get("name"),
        "email": one.get("email"),
        "team": one.get("default_group_id"),
        "active": one.get("active", True) and not one.get("suspended", False),
    }


def former_agent(id_: str, name: str) -> Told:
    """The row of who is no agent any more, and stays."""
    return {"id": id_, "name": name, "active": False}
