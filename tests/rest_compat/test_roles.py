"""Who may ask what: the roles' routes, fields and filters."""

from __future__ import annotations

import pytest

from db.access import Role
from tests.rest_compat.conftest import Rest
from tests.rest_compat.desk import MARCH

OPEN_TO_ALL = ["summary", "performance", "trends"]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("report", OPEN_TO_ALL)
async def test_every_role_reads_summary_performance_and_trends(rest: Rest, role: Role, report: str) -> None:
    response = await rest.get(report, role=role)

    assert response.status_code == 200
    assert "withheld" not in response.json()


@pytest.mark.parametrize("role", list(Role))
async def test_every_role_but_the_client_reads_the_agent_report(rest: Rest, role: Role) -> None:
    response = await rest.get("agents", role=role)

    assert response.status_code == (403 if role is Role.CLIENT else 200)
    if role is Role.CLIENT:
        assert response.json()["code"] == "FORBIDDEN"
        assert "reports:agents:read" in response.json()["detail"]


async def test_an_analyst_sees_agents_by_pseudonym_and_is_told_that_ratings_are_withheld(rest: Rest) -> None:
    answer = (await rest.get("agents", {**MARCH, "limit": "500"}, role=Role.ANALYST)).json()

    assert {row["rating"] for row in answer["agents"]["rows"]} == {None}
    assert [(one["field"], one["code"]) for one in answer["withheld"]] == [("agents.rows.rating", "FORBIDDEN")]
    assert "csat:agent:read" in answer["withheld"][0]["detail"]
    names = [row["agent"]["name"] for row in answer["agents"]["rows"] if row["agent"]]
    assert all(name.startswith("Agent ") for name in names)


@pytest.mark.parametrize("further", [{"sort": "-csatScore"}, {"search": "ada"}, {"agent": "A-1"}])
async def test_an_analyst_cannot_order_search_or_filter_by_what_is_withheld(
    rest: Rest, further: dict[str, str]
) -> None:
    assert (await rest.get("agents", {**MARCH, **further}, role=Role.ANALYST)).status_code == 403


@pytest.mark.parametrize(
    ("role", "given"),
    [
        (Role.TEAM_LEAD, {"team": "support"}),
        (Role.TEAM_LEAD, {"team": ["billing", "support"]}),
        (Role.TEAM_LEAD, {"agent": "A-2"}),
        (Role.TEAM_LEAD, {"team": "nobody"}),
        (Role.AGENT, {"agent": "A-2"}),
        (Role.CLIENT, {"organization": "O-2"}),
        (Role.CLIENT, {"agent": "A-1"}),
        (Role.CLIENT, {"category": "nothing"}),
    ],
)
@pytest.mark.parametrize("report", OPEN_TO_ALL)
async def test_a_filter_outside_the_scope_is_refused_never_answered_with_nothing(
    rest: Rest, role: Role, given: dict[str, str], report: str
) -> None:
    response = await rest.get(report, {**MARCH, **given}, role=role)

    assert response.status_code == 403, response.text
    assert response.json()["code"] == "FORBIDDEN"


@pytest.mark.parametrize(
    ("role", "given"),
    [
        (Role.TEAM_LEAD, {"team": "billing"}),
        (Role.TEAM_LEAD, {"agent": "A-1"}),
        (Role.AGENT, {"agent": "A-1"}),
        (Role.CLIENT, {"organization": "O-1"}),
    ],
)
async def test_a_filter_inside_the_scope_is_answered(rest: Rest, role: Role, given: dict[str, str]) -> None:
    assert (await rest.get("summary", {**MARCH, **given}, role=role)).status_code == 200


@pytest.mark.parametrize("role", list(Role))
async def test_every_role_but_the_agent_exports(rest: Rest, role: Role) -> None:
    response = await rest.export({"report": "summary", "format": "csv", **MARCH}, role=role)

    assert response.status_code == (403 if role is Role.AGENT else 200)


async def test_an_export_of_agents_is_refused_to_a_client_and_lists_what_is_withheld_from_an_analyst(
    rest: Rest,
) -> None:
    body = {"report": "agents", "format": "json", **MARCH}

    assert (await rest.export(body, role=Role.CLIENT)).status_code == 403
    assert (await rest.export(body, role=Role.ANALYST)).json()["withheld"][0]["field"] == "agents.rows.rating"


async def test_a_client_sees_only_its_own_organization(rest: Rest) -> None:
    own = (await rest.get("performance", role=Role.CLIENT)).json()["performance"]
    same = (await rest.get("performance", {**MARCH, "organization": "O-1"})).json()["performance"]

    assert own == same
