"""Stored documents: every role runs them by hash, a role without queries:adhoc:run nothing else."""

from __future__ import annotations

import json
from typing import Any, Final

import httpx
import pytest

from db.access import MATRIX, Capability, Role
from rest_compat.stored import BY_HASH, DOCUMENTS, NAMED, ROUTED, STATE, ReportName, hash_of
from tests.conftest import RunningGateway

OWN: Final = "{ viewer { role } }"
INTROSPECTION: Final = "{ __schema { queryType { name } } }"
MARCH: Final = {"period": {"since": "2026-03-01", "until": "2026-04-01"}, "timezone": "UTC"}
MAY_COMPOSE: Final = {role for role in Role if Capability.ADHOC_RUN in MATRIX[role]}


def named(document: str) -> dict[str, Any]:
    """The part of a request that names a stored document."""
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash_of(document)}}}


async def post(gateway: RunningGateway, role: Role, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    async with httpx.AsyncClient(base_url=gateway.url) as client:
        answer = await client.post("/graphql", json=body, headers=gateway.bearer(role.value))
    return answer.status_code, answer.json()


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("report", ROUTED)
async def test_every_role_runs_a_stored_document_by_its_hash(
    role: Role, report: ReportName, gateway: RunningGateway
) -> None:
    status, found = await post(gateway, role, {**named(DOCUMENTS[report]), "variables": MARCH})

    assert status == 200
    is_forbidden = report is ReportName.AGENTS and role is Role.CLIENT
    assert (found["data"]["report"][report.value] is None) == is_forbidden
    assert {e["extensions"]["code"] for e in found.get("errors", ())} <= {"FORBIDDEN"}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("document", [OWN, INTROSPECTION, DOCUMENTS[ReportName.SUMMARY] + "\n"])
async def test_a_document_of_ones_own_needs_the_capability(role: Role, document: str, gateway: RunningGateway) -> None:
    status, found = await post(gateway, role, {"query": document, "variables": MARCH})

    if role in MAY_COMPOSE:
        assert status == 200
    else:
        assert (status, found.get("data"), found["errors"][0]["extensions"]["code"]) == (403, None, "FORBIDDEN")
        assert "queries:adhoc:run" in found["errors"][0]["message"]


async def test_the_text_of_a_stored_document_is_as_good_as_its_hash(gateway: RunningGateway) -> None:
    both = {**named(STATE), "query": STATE, "variables": MARCH}

    for body in (both, {"query": STATE, "variables": MARCH}):
        assert (await post(gateway, Role.CLIENT, body))[0] == 200


@pytest.mark.parametrize("role", [Role.MANAGER, Role.CLIENT])
async def test_a_stored_document_is_run_by_get_too_and_holds_until_the_answer_is_another(
    role: Role, gateway: RunningGateway
) -> None:
    given = {"variables": json.dumps(MARCH), "extensions": json.dumps(named(STATE)["extensions"])}
    april = {**given, "variables": json.dumps({**MARCH, "period": {"since": "2026-04-01", "until": "2026-05-01"}})}

    async with httpx.AsyncClient(base_url=gateway.url, headers=gateway.bearer(role.value)) as client:
        answer = await client.get("/graphql", params=given)
        held = {"If-None-Match": answer.headers["etag"]}
        again = [await client.get("/graphql", params=given, headers=held) for _ in range(3)]
        other = await client.get("/graphql", params=april, headers=held)
        posted = await client.post("/graphql", json={**named(STATE), "variables": MARCH})

    assert answer.status_code == 200
    assert answer.json() == posted.json()
    assert answer.json()["data"]["report"]["period"]["timezone"] == "UTC"
    assert [(one.status_code, one.content, one.headers["etag"]) for one in again] == [
        (304, b"", answer.headers["etag"])
    ] * 3
    assert (other.status_code, other.headers["etag"] == answer.headers["etag"]) == (200, False)
    assert other.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("role", [Role.MANAGER, Role.CLIENT])
async def test_an_unknown_hash_is_told_as_such(role: Role, gateway: RunningGateway) -> None:
    status, found = await post(gateway, role, named(OWN))

    assert (status, found.get("data")) == (404, None)
    assert found["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
    assert hash_of(OWN) in found["errors"][0]["message"]


@pytest.mark.parametrize("extensions", [{"persistedQuery": "abc"}, {"persistedQuery": {"sha256Hash": 7}}])
async def test_a_hash_of_another_shape_is_bad_input(extensions: dict[str, Any], gateway: RunningGateway) -> None:
    status, found = await post(gateway, Role.CLIENT, {"extensions": extensions})

    assert (status, found["errors"][0]["extensions"]["code"]) == (400, "BAD_USER_INPUT")


async def test_a_hash_that_is_of_another_text_is_bad_input(gateway: RunningGateway) -> None:
    status, found = await post(gateway, Role.MANAGER, {**named(STATE), "query": OWN})

    assert (status, found["errors"][0]["extensions"]["code"]) == (400, "BAD_USER_INPUT")


def test_every_stored_document_has_a_hash_of_its_own() -> None:
    assert len(BY_HASH) == len(NAMED) > len(ReportName)
