"""Any document of the real language: what is projected is what the stock executor answers, withheld fields included."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from strawberry.extensions import DisableValidation
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from db.access import Role
from rest_compat.export.ordering import ordered
from schema.executor import SCHEMA, Gateway, GatewaySchema
from schema.exporting import Exporting
from schema.query import Query
from tests.laws.slices import law
from tests.projection.answers import told
from tests.projection.documents import Asked, documents
from tests.rest_compat.conftest import gateway_over
from tests.rest_compat.desk import VIEWERS

STOCK: Final = GatewaySchema(
    query=Query, execution_context_class=StrawberryGraphQLCoreExecutionContext, extensions=[DisableValidation]
)
REPORT: Final = 'report(period: {since: "2026-02-01", until: "2026-04-01"}, compareTo: [PREVIOUS_PERIOD])'
ARGUMENTS: Final = {
    "Query.report": REPORT.removeprefix("report(").removesuffix(")"),
    "Query.tickets": 'period: {since: "2026-03-01", until: "2026-03-08"}, first: 5',
    "Query.auditLog": "first: 2",
    "Query.agents": "first: 3",
    "Query.organizations": "first: 1",
    "Query.exportJob": 'id: "none"',
    "Query.nextDeliveries": 'cadence: DAILY, time: "08:00", timezone: "Europe/Berlin"',
    "Report.agents": "first: 4",
    "Report.breakdown": "by: [CATEGORY, TIME], grain: MONTH, first: 5",
    "Report.series": "grain: MONTH, by: PRIORITY",
    "Report.trends": "grain: WEEK",
    "AgentRow.tickets": "of: TICKETS_CREATED, first: 2",
    "VolumePoint.tickets": "of: CREATED, first: 2",
    "CategoryTrend.tickets": "of: PREVIOUS_TOTAL, first: 2",
    "Mover.tickets": "of: COUNT, first: 2",
    "SeriesValues.tickets": "of: COUNTS, at: [1], first: 2",
    "Seasonality.tickets": "of: WEEKDAY_HOUR, at: [0, 9], first: 2",
    "tickets": "first: 2",
}
"""The arguments of fields that must have some, or better have few rows."""


@pytest.fixture(scope="module")
async def gateway(desk_dsn: str) -> AsyncIterator[Gateway]:
    """A gateway over the small desk."""
    found = replace(gateway_over(desk_dsn), exporting=Exporting(ordered, 1000, timedelta(hours=1)))
    yield found
    await found.engine.close()


async def both(gateway: Gateway, asked: Asked, role: Role) -> tuple[Any, Any]:
    """The stock answer and ours."""
    answers = []
    for schema in (STOCK, SCHEMA):
        context = gateway.context(VIEWERS[role])
        found = await schema.execute(asked.document, dict(asked.variables), context_value=context)
        answers.append(told(found))
    return answers[0], answers[1]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ANALYST, Role.CLIENT])
@law(50)
@given(asked=documents(SCHEMA._schema, ARGUMENTS, 6, REPORT))
async def test_any_report_is_answered_as_by_the_stock_executor(gateway: Gateway, role: Role, asked: Asked) -> None:
    stock, ours = await both(gateway, asked, role)

    assert ours == stock


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ANALYST])
@law(30)
@given(asked=documents(SCHEMA._schema, ARGUMENTS, 4))
async def test_any_document_is_answered_as_by_the_stock_executor(gateway: Gateway, role: Role, asked: Asked) -> None:
    stock, ours = await both(gateway, asked, role)

    assert ours == stock
