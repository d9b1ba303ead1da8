"""Roles: the matrix as the contract writes it, and scopes that nobody else can make."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from typing import Final

import pytest

from db.access import MATRIX, BoundScope, Capability, Realm, Role, Scope, Viewer
from db.errors import Forbidden, Unauthenticated

CONTRACT: Final = """
reports:summary:read           admin manager team_lead agent analyst client
reports:performance:read       admin manager team_lead agent analyst client
reports:trends:read            admin manager team_lead agent analyst client
reports:agents:read            admin manager team_lead agent analyst
csat:score:read                admin manager team_lead agent analyst client
csat:agent:read                admin manager team_lead agent
csat:comment:read              admin manager team_lead agent client
agents:identity:read           admin manager team_lead agent
organizations:identity:read    admin manager team_lead agent client
tickets:detail:read            admin manager team_lead agent analyst client
reports:export:create          admin manager team_lead analyst client
queries:adhoc:run              admin manager team_lead agent analyst
system:operate:run             admin
tickets:ingest:create
"""
"""The contract's table, "Roles and capabilities": who has what; an analyst's pseudonym is no identity."""


def test_the_matrix_is_that_of_the_contract() -> None:
    written = {line.split()[0]: set(line.split()[1:]) for line in CONTRACT.strip().splitlines()}

    assert written == {
        capability.value: {role.value for role in Role if capability in MATRIX[role]} for capability in Capability
    }


@pytest.mark.parametrize(
    ("viewer", "realm", "ids"),
    [
        (Viewer("a", Role.ADMIN), Realm.ALL, ()),
        (Viewer("m", Role.MANAGER), Realm.ALL, ()),
        (Viewer("y", Role.ANALYST), Realm.ALL, ()),
        (Viewer("t", Role.TEAM_LEAD, teams=("a", "b")), Realm.TEAMS, ("a", "b")),
        (Viewer("g", Role.AGENT, agent="A-07", teams=("a",)), Realm.SELF, ("A-07",)),
        (Viewer("c", Role.CLIENT, organization="O-001", agent="A-07"), Realm.ORGANIZATION, ("O-001",)),
    ],
)
def test_a_scope_opens_the_rows_of_the_role(viewer: Viewer, realm: Realm, ids: tuple[str, ...]) -> None:
    assert (viewer.scope.realm, viewer.scope.ids) == (realm, ids)


@pytest.mark.parametrize(
    ("role", "claim"), [(Role.TEAM_LEAD, "teams"), (Role.AGENT, "agent"), (Role.CLIENT, "organization")]
)
def test_a_viewer_without_the_claim_that_bounds_it_is_none(role: Role, claim: str) -> None:
    with pytest.raises(Unauthenticated, match=claim):
        Viewer("x", role)
    with pytest.raises(Unauthenticated, match=claim):
        Viewer("x", role, agent="", teams=(), organization="")


def test_a_scope_is_made_from_a_viewer_only() -> None:
    with pytest.raises(TypeError, match=r"Viewer\.scope only"):
        Scope(Realm.ALL, ())
    with pytest.raises(TypeError, match=r"Scope\.bound only"):
        BoundScope(Realm.ALL, ())


def test_a_scope_cannot_be_widened_by_changing_one() -> None:
    scope = Viewer("c", Role.CLIENT, organization="O-001").scope

    with pytest.raises(TypeError, match=r"Viewer\.scope only"):
        replace(scope, ids=("O-002",))
    with pytest.raises(TypeError, match=r"Scope\.bound only"):
        replace(scope.bound({"O-001": 1}), realm=Realm.ALL)
    with pytest.raises(FrozenInstanceError):
        scope.ids = ("O-002",)  # type: ignore[misc]


def test_an_id_that_the_store_does_not_know_opens_no_row() -> None:
    scope = Viewer("t", Role.TEAM_LEAD, teams=("known", "unknown")).scope.bound({"known": 7, "other": 8})

    assert scope.ids == (7,)
    assert scope.column == "team_id"


def test_a_refusal_names_what_was_asked_what_it_needs_and_the_role() -> None:
    with pytest.raises(Forbidden, match=r"The agent report needs the capability reports:agents:read.* client"):
        Viewer("c", Role.CLIENT, organization="O-001").require(Capability.AGENTS_READ, "The agent report")
