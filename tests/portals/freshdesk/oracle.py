"""What happened in the made-up Freshdesk, as it wrote down itself: all of it, or what its tickets remember."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import asyncpg

from tests.oracle import clocks
from tests.portals.freshdesk.world import AGENTS, PRIORITIES, WORDS, Case, World
from tests.portals.http import truth

_SPANS: Final = clocks.spans("span AS (SELECT 'none' AS calendar, now() AS starts, now() AS ends WHERE false)")
_POLICIES: Final = clocks.policies(
    "('', NULL::int, NULL::text, NULL::text, NULL::text, NULL::bigint, NULL::bigint, false, NULL::text, '{}'::text[])"
)
"""Each ticket has its own due instants, and nobody tells the hours."""


async def prepare(connection: asyncpg.Connection, world: World, *, is_remembered: bool) -> None:
    """Makes the raw tables in the connection's own temporary schema."""
    stays = {id_: case for id_, case in world.cases.items() if case.is_in}
    tables: dict[str, truth.Rows] = {
        "raw_ticket": (_ticket(case) for case in stays.values()),
        "raw_event": (event for case in stays.values() for event in _events(case, is_remembered)),
        "raw_agent": [(str(id_), str(groups[0]) if len(groups) == 1 else None) for id_, groups in AGENTS.items()],
        "raw_survey": [(str(id_), *rating) for id_, rating in world.rated.items() if id_ in stays],
    }
    await truth.prepare(connection, _SPANS + _POLICIES, tables)


def _ticket(case: Case) -> tuple[Any, ...]:
    one = case.ticket
    found = {
        "id": str(one["id"]),
        "created_at": datetime.fromisoformat(one["created_at"]),
        "organization": _text(one["company_id"]),
        "category": one["type"],
        "priority": PRIORITIES[one["priority"]],
        "channel": case.channel,
        "status": WORDS[one["status"]],
        "tags": one["tags"] or None,
        "own_team": _text(one["group_id"]),
        "assignee": _text(one["responder_id"]),
        "response_due": datetime.fromisoformat(one["fr_due_by"]),
        "resolution_due": datetime.fromisoformat(one["due_by"]),
    }
    return tuple(found[name] for name in truth.TICKET)


def _events(case: Case, is_remembered: bool) -> Iterator[tuple[Any, ...]]:
    """Status changes, each from what the one before made of it; before the first a ticket is open."""
    id_, was = str(case.ticket["id"]), "open"
    told = sorted(set(case.remembered.values())) if is_remembered else case.statuses
    for ordinal, (at, word) in enumerate(told):
        yield id_, 1, at, ordinal, None, None, was, word
        was = word
    if case.reply is not None:
        at, author = case.reply
        yield id_, 6, at, 0, author, 1, None, None


def _text(value: object) -> str | None:
    return None if value is None else str(value)
