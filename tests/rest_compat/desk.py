"""A small desk whose numbers are known: the files that the tests import, and who asks."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

from db.access import Role, Viewer

NOW = datetime(2026, 4, 15, 10, 0, 30, tzinfo=UTC)
MARCH = {"since": "2026-03-01", "until": "2026-04-01"}
FORMULA = '=HYPERLINK("https://example.test")'
QUOTED = 'Grace "Amazing", Hopper\nJr.'
EXTRA_AGENTS = 520
"""So many that the agent report has more than one page of 500."""

VIEWERS = {
    Role.ADMIN: Viewer("root", Role.ADMIN),
    Role.MANAGER: Viewer("mia", Role.MANAGER),
    Role.TEAM_LEAD: Viewer("tom", Role.TEAM_LEAD, teams=("billing",)),
    Role.AGENT: Viewer("ada", Role.AGENT, agent="A-1"),
    Role.ANALYST: Viewer("ann", Role.ANALYST),
    Role.CLIENT: Viewer("cleo", Role.CLIENT, organization="O-1"),
}


def write_desk(folder: Path) -> None:
    """Writes the import files."""
    _write(folder, "organizations", [("id", "name"), ("O-1", "Acme"), ("O-2", "Zeta")])
    _write(folder, "teams", [("id", "name"), ("billing", "Billing"), ("support", "-Support")])
    _write(folder, "categories", [("id", "name"), ("invoices", "@Invoices"), ("login", "Login")])
    agents = [("A-1", "Ada", "billing", "true"), ("A-2", FORMULA, "support", "true"), ("A-3", QUOTED, "", "false")]
    agents += [(f"X-{n:03}", f"Extra {n:03}", "support", "true") for n in range(EXTRA_AGENTS)]
    _write(folder, "agents", [("id", "name", "team", "active"), *agents])
    _write(
        folder,
        "sla_policies",
        [
            ("name", "match", "first_response_seconds", "resolution_seconds", "clock"),
            ("default", "", "3600", "172800", "calendar"),
        ],
    )
    _write_tickets(folder)


def _write_tickets(folder: Path) -> None:
    header = (
        *("id", "created_at", "organization", "category", "priority", "channel", "status", "team", "assignee", "tags"),
        *("first_response_at", "first_responder", "resolved_at"),
    )
    rows, ratings = [header], [("ticket_id", "at", "score")]
    for n in range(90):  # two a day from 16 February, some of them still open
        rows.append(_ticket(n))
        if n % 3 == 0 and n % 4:
            ratings.append((f"T-{n}", _iso(_created(n) + timedelta(days=3)), str(n % 5 + 1)))
    for n in range(EXTRA_AGENTS):
        at = datetime(2026, 3, 20, 8, tzinfo=UTC) + timedelta(minutes=n)
        rows.append((f"E-{n}", _iso(at), "O-2", "login", "low", "api", "open", "support", f"X-{n:03}", "", "", "", ""))
    _write(folder, "tickets", rows)
    _write(folder, "ratings", ratings)


def _created(n: int) -> datetime:
    return datetime(2026, 2, 16, 7, 30, tzinfo=UTC) + timedelta(hours=12 * n)


def _ticket(n: int) -> tuple[str, ...]:
    at = _created(n)
    agent = ("A-1", "A-2", "A-3", "")[n % 4]
    team = ("billing", "support", "", "billing")[n % 4]
    done = n % 4 != 0 or n % 8 == 0
    return (
        f"T-{n}",
        _iso(at),
        ("O-1", "O-2", "")[n % 3],
        ("invoices", "login", "")[n % 3],
        ("low", "normal", "high", "urgent")[n % 4],
        ("email", "web", "chat")[n % 3],
        "resolved" if done else "open",
        team,
        agent,
        "vip" if n % 5 == 0 else "",
        _iso(at + timedelta(minutes=7 * (n % 30) + 1)) if agent else "",
        agent,
        _iso(at + timedelta(hours=5 * (n % 14) + 2)) if done else "",
    )


def _iso(at: datetime) -> str:
    return at.isoformat()


def _write(folder: Path, name: str, rows: list[tuple[str, ...]]) -> None:
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
