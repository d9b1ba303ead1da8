"""A portal of a made-up schema in a real database, its source file, and what an import of the same rows would be."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from db.domain import ActorKind, EventKind, Priority, Status
from db.sources.rows import AgentRow, EventRow, RatingRow, Read, Row, RowKind
from db.sync.following import run_pass
from db.sync.postgresql.language import load_source
from db.sync.postgresql.reading import PostgresSource
from db.sync.state import Written
from db.sync.store import following
from tests.conftest import new_database
from tests.db.test_import import ticket

BEGAN = datetime(2025, 3, 1, 9, tzinfo=UTC)

SCHEMA = """
CREATE TABLE staff (login text PRIMARY KEY, full_name text, squad text, changed_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE cases (
  no bigserial PRIMARY KEY, title text, opened timestamptz NOT NULL, state char(1) NOT NULL, prio int, client text,
  owner text, labels text[], changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON cases (changed_at);
CREATE TABLE case_log (
  id bigserial PRIMARY KEY, case_no bigint NOT NULL, at timestamptz NOT NULL, what text NOT NULL, who text, said text
);
CREATE INDEX ON case_log (case_no);
CREATE TABLE surveys (
  case_no bigint PRIMARY KEY, answered timestamptz NOT NULL, stars int NOT NULL, changed_at timestamptz DEFAULT now()
);
CREATE INDEX ON surveys (changed_at);
"""

SOURCE = """
name = "{name}"
dsn_env = "{variable}"
interval_seconds = 0.2
reconcile_seconds = 3600
overlap_seconds = 60
overlap_rows = 10
{further}

[agents]
select = "SELECT * FROM staff"
key = "login"
watermark = "changed_at"
id = "login"
name = "full_name"
team = "squad"

[tickets]
select = "SELECT * FROM cases"
key = "no"
watermark = "changed_at"
id = {{ template = "{prefix}{{no}}" }}
created_at = "opened"
subject = "title"
organization = "client"
status = {{ column = "state", map = {{ N = "new", O = "open", W = "pending", R = "resolved" }} }}
priority = {{ column = "prio", map = {{ "1" = "urgent", "2" = "normal" }}, otherwise = "absent" }}
assignee = "owner"
tags = "labels"

[events]
select = '''
SELECT id, case_no, at, who, said, CASE what WHEN 'state' THEN 'status_changed' ELSE 'public_reply' END AS kind
FROM case_log'''
watermark = "id"
ticket_id = {{ template = "{prefix}{{case_no}}" }}
at = "at"
kind = "kind"
actor = "who"
actor_kind = {{ value = "agent" }}
to = {{ column = "said", map = {{ O = "open", W = "pending", R = "resolved" }} }}

[ratings]
select = "SELECT * FROM surveys"
key = "case_no"
watermark = "changed_at"
ticket_id = {{ template = "{prefix}{{case_no}}" }}
at = "answered"
score = "stars"
"""

STATES = {"N": Status.NEW, "O": Status.OPEN, "W": Status.PENDING, "R": Status.RESOLVED}


class Desk:
    """The portal: its database, and a source over it."""

    def __init__(self, dsn: str, connection: asyncpg.Connection, path: Path, name: str) -> None:
        self.dsn = dsn
        self.portal = connection
        self.path = path
        self.name = name

    def source(self) -> PostgresSource:
        return PostgresSource(load_source(self.path))

    async def sync(self, store: str, source: PostgresSource | None = None, **further: Any) -> Written:
        """What a pass did; by the source that is given, else by one that has seen nothing yet."""
        used = source or self.source()
        async with following(store, used) as writer:
            written = await run_pass(writer, used, lambda _: None, lambda _: None, **further)
        if source is None:
            await used.close()
        return written

    async def fill(self, cases: int) -> None:
        """Cases as a desk has them, with their log and surveys."""
        for login in ("ada", "bob", "cyd"):
            await self.portal.execute("INSERT INTO staff VALUES ($1, $2, 'desk')", login, login.title())
        dice = random.Random(7)
        for no in range(1, cases + 1):
            opened = BEGAN + timedelta(hours=no)
            who = dice.choice(("ada", "bob", "cyd"))
            state = dice.choice("OWR")
            await self.portal.execute(
                "INSERT INTO cases (no, title, opened, state, prio, client, owner, labels)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                *(
                    no,
                    f"Case {no}",
                    opened,
                    state,
                    dice.choice((1, 2, 9)),
                    f"client-{no % 4}",
                    who,
                    ["a", "b"][: no % 3],
                ),
            )
            log = [(no, opened + timedelta(minutes=dice.randint(1, 90)), "reply", who, None)]
            log += [(no, opened + timedelta(hours=3), "state", who, state)] * (state != "O")
            await self.portal.executemany(
                "INSERT INTO case_log (case_no, at, what, who, said) VALUES ($1, $2, $3, $4, $5)", log
            )
            if state == "R" and no % 2:
                await self.portal.execute(
                    "INSERT INTO surveys VALUES ($1, $2, $3)", no, opened + timedelta(days=1), 1 + no % 5
                )
        await self.portal.execute("SELECT setval('cases_no_seq', $1)", max(cases, 1))

    async def as_import(self, prefix: str = "") -> list[Read]:
        """The portal's rows as an import of the same would have them, made by hand and not by the mapping."""
        rows: list[tuple[RowKind, Row]] = [
            (RowKind.AGENTS, AgentRow(one["login"], one["full_name"], one["squad"], None, True))
            for one in await self.portal.fetch("SELECT * FROM staff")
        ]
        for one in await self.portal.fetch("SELECT * FROM cases ORDER BY no"):
            made = ticket(
                f"{prefix}{one['no']}",
                created_at=one["opened"],
                subject=one["title"],
                organization=one["client"],
                status=STATES[one["state"]],
                priority={1: Priority.URGENT, 2: Priority.NORMAL}.get(one["prio"]),
                assignee=one["owner"],
                tags=tuple(one["labels"] or ()),
            )
            rows.append((RowKind.TICKETS, made.row))
        for one in await self.portal.fetch("SELECT * FROM case_log ORDER BY id"):
            kind = EventKind.STATUS_CHANGED if one["what"] == "state" else EventKind.PUBLIC_REPLY
            said = STATES[one["said"]].word if one["said"] else None
            row = EventRow(f"{prefix}{one['case_no']}", one["at"], kind, one["who"], ActorKind.AGENT, None, said)
            rows.append((RowKind.EVENTS, row))
        for one in await self.portal.fetch("SELECT * FROM surveys"):
            rating = RatingRow(f"{prefix}{one['case_no']}", one["answered"], one["stars"], None, None)
            rows.append((RowKind.RATINGS, rating))
        return [Read(kind, f"{kind.value}.csv", 2, row) for kind, row in rows]


@asynccontextmanager
async def desk(
    server: str, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str = "desk", prefix: str = "", further: str = ""
) -> AsyncIterator[Desk]:
    """A portal without a case, and its source file."""
    async with new_database(server) as dsn:
        connection = await asyncpg.connect(dsn)
        await connection.execute(SCHEMA)
        variable = f"{name.upper()}_DSN"
        monkeypatch.setenv(variable, dsn)
        path = folder / f"{name}.toml"
        path.write_text(SOURCE.format(name=name, variable=variable, prefix=prefix, further=further))
        try:
            yield Desk(dsn, connection, path, name)
        finally:
            await connection.close()
