"""Pseudonyms: stable for an installation and a role, the same at every door, and of no use to test a guess."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any, Final

import orjson
import pytest

from db.access import Role
from db.directory import Entity
from db.query import Dimension
from resolvers.pseudonyms import DIGITS, Pseudonyms
from schema.executor import Gateway
from tests.conftest import MANAGER, VIEWERS, Asking
from tests.privacy.test_doors import send

ANALYST: Final = VIEWERS[Role.ANALYST]
MONTH: Final = 'period: {since: "2026-03-01", until: "2026-04-01"}'
ADA: Final = Entity("A-1", "Ada", active=False, team=Entity("billing", "Billing"))


def test_a_pseudonym_is_stable_and_differs_by_installation_role_and_dimension() -> None:
    here = Pseudonyms(b"a key", Role.ANALYST)

    found = here.of(Dimension.AGENT, ADA)

    assert found == Pseudonyms(b"a key", Role.ANALYST).of(Dimension.AGENT, ADA)
    codes = {
        one.id.rpartition("-")[2]
        for one in (
            found,
            Pseudonyms(b"another key", Role.ANALYST).of(Dimension.AGENT, ADA),
            Pseudonyms(b"a key", Role.CLIENT).of(Dimension.AGENT, ADA),
            here.of(Dimension.ORGANIZATION, ADA),
            here.of(Dimension.AGENT, Entity("A-2", "Ada")),
        )
    }
    assert len(codes) == 5
    assert {len(code) for code in codes} == {DIGITS}
    assert "Ada" not in repr(found)
    assert "a key" not in repr(here)


def test_a_pseudonym_depends_on_the_id_alone_so_that_a_new_name_changes_nothing() -> None:
    here = Pseudonyms(b"a key", Role.ANALYST)

    assert here.of(Dimension.AGENT, ADA).id == here.of(Dimension.AGENT, Entity("A-1", "Ada King")).id


async def agents(ask: Asking) -> dict[str, tuple[int, int]]:
    """The agents of the agent report as an analyst sees them, with their work."""
    fields = "agents(first: 500) { rows { agent { id } ticketsCreated ticketsResolved } }"
    data = await ask.data(f"{{ report({MONTH}) {{ {fields} }} }}", ANALYST)
    return {
        row["agent"]["id"]: (row["ticketsCreated"], row["ticketsResolved"])
        for row in data["report"]["agents"]["rows"]
        if row["agent"]
    }


async def test_every_door_shows_the_same_pseudonyms(ask: Asking) -> None:
    seen = await agents(ask)
    params = {"since": "2026-03-01", "until": "2026-04-01", "limit": "500"}

    rest = (await send(ask, ANALYST, "GET", "agents", params=params)).json()["agents"]["rows"]
    export = (await send(ask, ANALYST, "POST", "export", json={"report": "agents", "format": "ndjson", **params})).text
    data = await ask.data(
        f"{{ report({MONTH}) {{ breakdown(by: [AGENT], first: 500) {{ rows {{ keys {{ id }} }} }} }} "
        f"tickets({MONTH}, first: 200) {{ nodes {{ agent {{ id }} }} }} }}",
        ANALYST,
    )

    assert {row["agent"]["id"] for row in rest if row["agent"]} == seen.keys()
    assert {row["agentId"] for row in map(orjson.loads, export.splitlines()[1:]) if row["agentId"]} == seen.keys()
    assert {row["keys"][0]["id"] for row in data["report"]["breakdown"]["rows"]} - {None} == seen.keys()
    assert {node["agent"]["id"] for node in data["tickets"]["nodes"] if node["agent"]} <= seen.keys()


async def test_a_cursor_and_an_order_hold_pseudonyms_alone(ask: Asking) -> None:
    real = await ask.data(
        f"{{ report({MONTH}) {{ agents(first: 500) {{ rows {{ agent {{ id name }} }} }} }} }}", MANAGER
    )
    known = [row["agent"] for row in real["report"]["agents"]["rows"] if row["agent"]]
    fields = "agents(first: 3, orderBy: [{dimension: AGENT, direction: ASC}]) { nextCursor rows { agent { id name } } }"

    data = await ask.data(f"{{ report({MONTH}) {{ {fields} }} }}", ANALYST)

    page = data["report"]["agents"]
    cursor = _decoded(page["nextCursor"])
    assert page["rows"][-1]["agent"]["id"] in cursor
    text = f"{cursor} {page['rows']}"
    assert not [one for one in known if f'"{one["id"]}"' in text or one["name"] in text]


def _decoded(cursor: str) -> str:
    return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()


@pytest.mark.parametrize("dimension", ["agent", "organization"])
async def test_no_id_can_be_tested_as_a_filter(dimension: str, ask: Asking) -> None:
    """Not the real one, not the pseudonym, not one that does not exist: all are refused in the same words."""
    shown = Pseudonyms(b"pseudonyms", Role.ANALYST)
    real = {"agent": "A-07", "organization": "O-001"}[dimension]
    guesses = [real, shown.of(Dimension(dimension), Entity(real, "")).id, "nobody"]
    told: list[Any] = []

    for guess in guesses:
        for condition in ("in", "notIn"):
            asked = f'filter: {{{dimension}: {{{condition}: ["{guess}"]}}}}'
            result = await ask(f"{{ report({MONTH}, {asked}) {{ metrics {{ reopens {{ value }} }} }} }}", ANALYST)
            told.append([(error.message, (error.extensions or {})["code"]) for error in result.errors or ()])
            assert not ask.statements

    assert all(one == told[0] for one in told)
    assert told[0][0][1] == "FORBIDDEN"
    result = await ask(f'{{ report({MONTH}) {{ agents(search: "{guesses[1][:9]}") {{ total }} }} }}', ANALYST)
    assert [(error.extensions or {})["code"] for error in result.errors or ()] == ["FORBIDDEN"]


async def test_another_installation_has_other_pseudonyms_for_the_same_people(ask: Asking) -> None:
    here = await agents(ask)
    gateway = ask.gateway
    elsewhere = Asking(
        Gateway(gateway.engine, gateway.identity, b"another installation", lambda: datetime(2026, 10, 1, tzinfo=UTC))
    )

    there = await agents(elsewhere)

    assert not here.keys() & there.keys()
    assert sorted(here.values()) == sorted(there.values())
