"""Which claims say what can be set, as deep as the provider puts them."""

from __future__ import annotations

from typing import Any

import pytest

from db.access import Role, Viewer
from db.errors import Unauthenticated
from schema.claims import ClaimNames, claims_of, viewer_of
from tests.conftest import VIEWERS

KEYCLOAK = ClaimNames(
    subject="preferred_username",
    role="/resource_access/desk/roles",
    agent="https://example.org/agent",
    teams="/https:~1~1example.org~1desk/teams",
    organization="org.id",
)


def test_names_may_be_whole_with_dots_and_slashes_or_point_into_objects() -> None:
    claims: dict[str, Any] = {
        "sub": "f:1",
        "preferred_username": "ada",
        "role": "admin",
        "resource_access": {"desk": {"roles": ["offline_access", "team_lead"]}},
        "https://example.org/agent": "A-1",
        "https://example.org/desk": {"teams": ["billing"]},
        "org.id": "O-1",
        "org": {"id": "O-2"},
    }

    assert viewer_of(claims, KEYCLOAK) == Viewer("ada", Role.TEAM_LEAD, "A-1", ("billing",), "O-1")


@pytest.mark.parametrize("names", [ClaimNames(), KEYCLOAK])
@pytest.mark.parametrize("role", list(Role))
def test_what_is_written_under_any_names_is_read_back(role: Role, names: ClaimNames) -> None:
    assert viewer_of(claims_of(VIEWERS[role], names), names) == VIEWERS[role]


@pytest.mark.parametrize(
    ("value", "fragment"),
    [
        ([], "it names none"),
        (["offline_access"], "it names none"),
        (["admin", "manager"], "it names admin and manager"),
        ({"desk": "admin"}, "it names none"),
        (7, "it names none"),
    ],
)
def test_a_list_must_name_one_role_and_no_second(value: Any, fragment: str) -> None:
    with pytest.raises(Unauthenticated, match=fragment):
        viewer_of({"sub": "ada", "role": value}, ClaimNames())


@pytest.mark.parametrize("claims", [{"a": "text"}, {"a": ["admin"]}, {"a": None}, {}])
def test_a_pointer_that_leads_nowhere_finds_nothing(claims: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated, match="`/a/0/b` must name one of"):
        viewer_of({"sub": "ada", **claims}, ClaimNames(role="/a/0/b"))
