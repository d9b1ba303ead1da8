"""Tickets sent by a portal, over HTTP to a real server: what becomes of each row, and what is refused."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import api_keys
from db.access import Role, Viewer
from db.engine import Engine, PoolSettings
from db.importing.writer import import_rows
from db.sources.files import open_source
from rest_compat.openapi.document import document
from schema.executor import Gateway
from schema.identity import Identity
from schema.machines import Machines
from schema.tokens import SharedSecret
from tests.conftest import ROOT, SECRET, RunningGateway, new_database, serving
from tests.db.sync.logins import intake_login
from tests.rest_compat.conftest import Rest

INGEST = "/api/tickets/ingest"
FACTS = """
    SELECT t.external_id, f.ordinal, f.source, f.at, g.external_id, f.status, f.is_standing, f.seconds, f.score
    FROM deskgraph.facts AS f
    JOIN deskgraph.tickets AS t ON t.organization_id = f.organization_id AND t.id = f.ticket_id
    LEFT JOIN deskgraph.agents AS g ON g.id = f.agent_id ORDER BY 1, 2
"""


def sent(*rows: tuple[str, dict[str, Any]]) -> str:
    return "".join(json.dumps({"table": table, "row": row}) + "\n" for table, row in rows)


def ticket(id_: str, **further: Any) -> tuple[str, dict[str, Any]]:
    return "tickets", {"id": id_, "created_at": "2024-01-31T09:00:00Z", "status": "open", **further}


def event(id_: str, at: str, **further: Any) -> tuple[str, dict[str, Any]]:
    return "events", {"ticket_id": id_, "at": f"2024-01-31T{at}:00Z", **further}


@dataclass(frozen=True)
class Portal:
    """A server, its database, and a key to send with."""

    gateway: RunningGateway
    dsn: str
    key: str

    async def send(self, body: str | bytes, key: str = "", media_type: str = "application/x-ndjson") -> httpx.Response:
        headers = {"Authorization": f"Bearer {key or self.key}", "Content-Type": media_type}
        async with httpx.AsyncClient(base_url=self.gateway.url, timeout=60) as client:
            return await client.post(INGEST, content=body, headers=headers)

    async def outcomes(self, *rows: tuple[str, dict[str, Any]]) -> list[str]:
        answer = await self.send(sent(*rows))
        assert answer.status_code == 200, answer.text
        return [row["outcome"] for row in answer.json()["rows"]]

    async def fetch(self, sql: str, dsn: str = "") -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(dsn or self.dsn)
        try:
            return [tuple(row) for row in await connection.fetch(sql)]
        finally:
            await connection.close()


async def key_of(dsn: str, viewer: Viewer, name: str) -> str:
    return await api_keys.create(dsn, name, viewer, datetime.now(UTC), timedelta(hours=1))


@pytest.fixture(scope="module")
async def portal(server: str, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Portal]:
    """A portal that may send to a server of its own; tests use tickets of their own."""
    log = tmp_path_factory.mktemp("intake") / "log"
    async with new_database(server, template=migrated.rsplit("/", 1)[1]) as dsn:
        key = await key_of(dsn, api_keys.sender("", "shop"), "shop")
        async with intake_login(dsn) as login:
            given = {"WRITERS": "1", "BODY_MB": "1", "URL": login}
            settings = {f"DESKGRAPH_INTAKE_{name}": value for name, value in given.items()}
            async with serving(dsn, log, **settings) as gateway:
                yield Portal(gateway, dsn, key)


async def test_what_is_sent_equals_what_is_imported(portal: Portal, server: str, migrated: str, tmp_path: Path) -> None:
    rows = [
        ticket("e-1", assignee="ann", priority="high"),
        event("e-1", "09:10", kind="public_reply", actor="ann", actor_kind="agent"),
        event("e-1", "10:00", kind="status_changed", **{"from": "open", "to": "resolved"}),
        ("ratings", {"ticket_id": "e-1", "at": "2024-01-31T12:00:00Z", "score": 4}),
        ticket("e-2", status="closed", resolved_at="2024-01-31T11:00:00Z", tags=["a", "b"]),
    ]
    for table in ("tickets", "events", "ratings"):
        lines = [json.dumps(row) for name, row in rows if name == table]
        (tmp_path / f"{table}.ndjson").write_text("\n".join(lines))

    assert await portal.outcomes(*rows) == ["new"] * 5

    async with new_database(server, template=migrated.rsplit("/", 1)[1]) as dsn:
        await import_rows(dsn, open_source(tmp_path, None), on_reject=print, on_progress=lambda _: None)
        wanted = await portal.fetch(FACTS, dsn)
    assert len(wanted) > 8
    assert [fact for fact in await portal.fetch(FACTS) if fact[0].startswith("e-")] == wanted


async def test_sending_again_changes_nothing_and_an_older_version_neither(portal: Portal) -> None:
    first = ticket("v-1", updated_at="2024-02-02T00:00:00Z", priority="high")
    older = ticket("v-1", updated_at="2024-02-01T00:00:00Z", priority="low")
    newer = ticket("v-1", updated_at="2024-02-03T00:00:00Z", priority="urgent")

    assert await portal.outcomes(first) == ["new"]
    assert await portal.outcomes(first, older, newer, newer) == ["unchanged", "unchanged", "changed", "unchanged"]
    assert await portal.fetch("SELECT priority FROM deskgraph.tickets WHERE external_id = 'v-1'") == [(4,)]


async def test_a_row_that_cannot_go_in_is_told_in_its_place_and_the_others_go_in(portal: Portal) -> None:
    rows = [
        ticket("r-1", status="opne"),
        ticket("r-2"),
        ("tikets", {"id": "r-3"}),
        ticket("r-4", colour="red"),
        event("r-9", "10:00", kind="private_note"),
        ("teams", {"id": "desk", "name": "Desk"}),
    ]

    told = (await portal.send(sent(*rows))).json()

    assert [row["outcome"] for row in told["rows"]] == ["rejected", "new", "rejected", "rejected", "rejected", "new"]
    assert [row.get("column") for row in told["rows"]] == ["status", None, "table", "colour", "ticket_id", None]
    assert told["rows"][0]["reason"].startswith("unknown status")
    assert (told["source"], told["counts"]["rejected"]) == ("push-shop", 4)


async def test_the_source_is_known_by_the_keys_name_and_how_fresh_it_is(portal: Portal) -> None:
    await portal.send("")
    (before,) = await portal.fetch("SELECT as_of FROM deskgraph.sync_sources WHERE name = 'push-shop'")

    await portal.send("")

    sql = "SELECT kind, state, as_of > now() - interval '1 minute', as_of FROM deskgraph.sync_sources"
    found = await portal.fetch(sql)
    assert [row[:3] for row in found] == [("push", "following", True)]
    assert found[0][3] > before[0]


@pytest.mark.parametrize(
    ("body", "media_type", "status", "code"),
    [
        ("no json", "application/x-ndjson", 400, "BAD_USER_INPUT"),
        ('{"table": "tickets"}', "application/x-ndjson", 400, "BAD_USER_INPUT"),
        ('{"table": "tickets", "row": []}', "application/x-ndjson", 400, "BAD_USER_INPUT"),
        ("{}", "application/json", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"\n" * (2**20 + 1), "application/x-ndjson", 413, "CONTENT_TOO_LARGE"),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused_and_nothing_of_it_is_stored(
    portal: Portal, body: str | bytes, media_type: str, status: int, code: str
) -> None:
    good = sent(ticket("b-1")) if status == 400 else ""

    answer = await portal.send(good + body if isinstance(body, str) else body, media_type=media_type)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await portal.fetch("SELECT FROM deskgraph.tickets WHERE external_id = 'b-1'") == []


async def test_only_a_key_for_sending_may_send_and_it_may_do_nothing_else(portal: Portal) -> None:
    admin = await key_of(portal.dsn, Viewer("a", Role.ADMIN), "admin")
    bearer = {"Authorization": f"Bearer {portal.key}"}

    assert (await portal.send(sent(ticket("k-1")), key=admin)).status_code == 403
    assert (await portal.send(sent(ticket("k-1")), key="nobody's")).status_code == 401
    async with httpx.AsyncClient(base_url=portal.gateway.url, headers=bearer, timeout=60) as client:
        read = await client.get("/api/tickets/reports/summary")
        asked = await client.post("/graphql", json={"query": "{ viewer { role } categories { total } }"})
    assert read.status_code == 403
    assert asked.status_code == 403 or asked.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert asked.json().get("data") is None


async def test_every_request_is_in_the_audit_log(portal: Portal) -> None:
    answer = await portal.send(sent(ticket("a-1")))

    asked = f"request_id = '{answer.headers['X-Request-Id']}'"
    sql = f"SELECT operation, outcome, subject LIKE 'key:%' FROM deskgraph.audit_log WHERE {asked}"
    found: list[tuple[Any, ...]] = []
    for _ in range(600):  # it is written in the background
        found = found or await portal.fetch(sql)
        await asyncio.sleep(0 if found else 0.1)
    assert found == [("ingest", "OK", True)]


async def test_one_that_finds_all_writers_busy_is_told_when_to_come_again(portal: Portal) -> None:
    connection = await asyncpg.connect(portal.dsn)
    await connection.execute("BEGIN; LOCK deskgraph.data_version IN ACCESS EXCLUSIVE MODE")
    first = asyncio.create_task(portal.send(sent(ticket("w-1"))))
    await asyncio.sleep(1)

    second = await portal.send(sent(ticket("w-2")))

    await connection.close()
    assert (second.status_code, second.json()["code"]) == (429, "RATE_LIMITED")
    assert int(second.headers["Retry-After"]) > 0
    assert (await first).json()["counts"]["new"] == 1
    assert await portal.outcomes(ticket("w-2")) == ["new"]


async def test_a_gateway_that_lets_nothing_in_says_so(portal: Portal) -> None:
    engine = Engine(portal.dsn, PoolSettings())
    identity = Identity(SharedSecret(SECRET), machines=Machines(engine))
    gateway = Gateway(engine, identity, b"pseudonyms", lambda: datetime.now(UTC))
    try:
        answer = await Rest(gateway).request("POST", INGEST, headers={"Authorization": f"Bearer {portal.key}"})
    finally:
        await engine.close()

    assert answer.status_code == 404
    assert "DESKGRAPH_INTAKE_WRITERS" in answer.json()["detail"]


async def test_what_the_documentation_sends_is_answered_as_it_shows(portal: Portal) -> None:
    page = (ROOT / "docs" / "sources" / "push.md").read_text()
    body = re.search(r"<<'END'\n(.*?) *END\n", page, re.S)
    shown = re.search(r"```json\n(.*?)```", page, re.S)
    assert body
    assert shown

    answer = await portal.send(body[1])

    assert answer.json() == json.loads(shown[1])


async def test_an_answer_is_as_described(portal: Portal) -> None:
    answer = await portal.send(sent(ticket("d-1"), ticket("d-2", status="opne")))

    jsonschema.validate(answer.json(), document()["components"]["schemas"]["Intake"])


EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))
TIMES = st.sampled_from(
    ["2024-01-31T09:00:00Z"] * 6
    + ["2024-01-31T09:00:00Z", "2024-02-30", "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00Z", "now"]
)
ANY = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=5), TIMES),
    lambda below: st.one_of(st.lists(below, max_size=2), st.dictionaries(st.text(max_size=3), below, max_size=2)),
    max_leaves=3,
)
COLUMNS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "tickets": {"id": st.sampled_from(["f-1", "f-2", ""]), "created_at": TIMES, "status": st.just("open"), "tags": ANY},
    "events": {"ticket_id": st.sampled_from(["f-1", "f-9"]), "at": TIMES, "kind": st.just("public_reply"), "to": ANY},
    "ratings": {"ticket_id": st.just("f-1"), "at": TIMES, "score": st.one_of(st.integers(1, 5), ANY)},
    "agents": {"id": st.sampled_from(["ann", "\0", "a" * 5_000]), "active": ANY},
    "nothing": {"id": ANY},
}
FURTHER = {"subject": ANY, "no\0 column": ANY}
ALWAYS = ("id", "ticket_id", "created_at", "at", "kind", "score")
ROWS = st.sampled_from(sorted(COLUMNS)).flatmap(
    lambda table: st.fixed_dictionaries(
        {
            "table": st.just(table),
            "row": st.fixed_dictionaries(
                {name: values for name, values in COLUMNS[table].items() if name in ALWAYS},
                optional={name: values for name, values in COLUMNS[table].items() if name not in ALWAYS} | FURTHER,
            ),
        }
    )
)
LINES = st.one_of(
    ROWS.map(lambda row: json.dumps(row).encode()),
    ROWS.map(lambda row: json.dumps(row).encode()),
    st.sampled_from(
        [b"", b"\r", b" ", b"{}", b"[]", b"null", b'{"table": 1, "row": {}}', b"\xff\xfe", b"\xef\xbb\xbf{}"]
    ),
    st.binary(max_size=20),
)
BODIES = st.one_of(
    st.lists(ROWS.map(json.dumps), max_size=6).map("\n".join).map(str.encode), st.lists(LINES).map(b"\n".join)
)


async def test_whatever_is_sent_is_answered_as_described(portal: Portal) -> None:
    described = document()
    answered = {
        "200": {"$ref": "#/components/schemas/Intake", "components": described["components"]},
        "400": {"$ref": "#/components/schemas/Problem", "components": described["components"]},
    }
    headers = {"Authorization": f"Bearer {portal.key}", "Content-Type": "application/x-ndjson"}
    came: Counter[str] = Counter()

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(BODIES)
    def send(body: bytes) -> None:
        answer = httpx.post(portal.gateway.url + INGEST, content=body, headers=headers, timeout=60)
        told = answer.json()
        assert str(answer.status_code) in answered, answer.text
        jsonschema.validate(told, answered[str(answer.status_code)])
        if answer.status_code == 200:
            sent = [line for line in body.split(b"\n") if line.strip()]
            assert len(told["rows"]) == len(sent) == sum(told["counts"].values())
            came.update(row["outcome"] for row in told["rows"])
        else:
            came.update([told["code"]])

    await asyncio.to_thread(send)

    print(dict(came))
    assert {"new", "unchanged", "rejected", "BAD_USER_INPUT"} <= came.keys()
