"""What a role sees is what a manager sees with the same filter."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from db import catalog
from db.access import Capability, Role
from tests.conftest import MANAGER, VIEWERS, Asking
from tests.laws.slices import EVERY, Asked, fields_of, law, slices

OWN = {
    Role.TEAM_LEAD: '{team: {in: ["billing"]}}',
    Role.AGENT: '{agent: {in: ["A-07"]}}',
    Role.CLIENT: '{organization: {in: ["O-001"]}}',
    Role.ANALYST: "{}",
}
UNGUARDED = fields_of([metric for metric in catalog.METRICS if metric.capability is Capability.SUMMARY_READ])


@pytest.mark.parametrize("role", OWN)
@law(12)
@given(slices())
async def test_a_role_sees_what_a_manager_sees_of_its_rows(ask: Asking, role: Role, asked: Asked) -> None:
    every = UNGUARDED if role is Role.ANALYST else EVERY  # ratings of small groups: tests/privacy
    fields = f"""metrics {{ {every} avgResolutionTime {{ median p95 }} }}
        performance {{ ticketsByStatus {{ count share }} ticketsByCategory {{ category {{ id }} count }}
            resolutionTimeDistribution {{ p90 buckets {{ count }} }} }}
        trends(grain: MONTH) {{ volume {{ created open }} categories {{ points }} seasonality {{ weekdayHour }} }}
        breakdown(by: [TEAM, PRIORITY], first: 500) {{ rows {{ keys {{ id }} metrics {{ {every} }} }} total }}"""
    if "agent" in asked.filter and role is not Role.AGENT:
        asked = replace(asked, filter="{}")
    if "organization" in asked.filter and role is Role.ANALYST:
        asked = replace(asked, filter="{}")
    if role in (Role.TEAM_LEAD, Role.AGENT):  # a filter by team or agent may name what is outside
        asked = replace(asked, filter='{priority: {notIn: ["low"]}}')
    mine = await ask.data(asked.report(fields), VIEWERS[role])

    both = f"{{and: [{asked.filter}, {OWN[role]}]}}"
    theirs = await ask.data(replace(asked, filter=both).report(fields), MANAGER)

    assert mine == theirs
