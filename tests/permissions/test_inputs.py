"""Every role and every input: a filter, a grouping, an order, a bound, a search need what reading the same needs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, Final

import pytest
from graphql import GraphQLEnumType

from db import catalog
from db.access import Role
from rest_compat.export.formats import FORMATS
from tests.conftest import Asking
from tests.permissions.contract import DIMENSIONS, FILTERS, RATINGS, may
from tests.permissions.language import sdl
from tests.rest_compat.conftest import Rest
from tests.rest_compat.desk import MARCH, VIEWERS

PERIOD: Final = 'period: {since: "2026-03-01", until: "2026-04-01"}'
VALUES: Final = {
    "category": "login", "priority": "low", "channel": "web", "status": "open", "team": "billing", "agent": "A-1",
    "organization": "O-1", "tag": "vip",
}  # fmt: skip
"""A value of each dimension that is inside the scope of every viewer who may name one."""
OPERATORS: Final = ("in: [{0}]", "notIn: [{0}]", "isNull: true", "isNull: false")


def enum(name: str) -> list[str]:
    """The values of an enum of the language."""
    found = sdl().type_map[name]
    assert isinstance(found, GraphQLEnumType)
    return list(found.values)


GROUPS: Final = enum("Dimension")
METRICS: Final = enum("MetricName")
SORTS: Final = enum("TicketSort")


async def refused(ask: Asking, role: Role, document: str) -> bool:
    """Whether a document is refused; every other fault fails."""
    result = await ask(document, VIEWERS[role])
    codes = {(error.extensions or {})["code"] for error in result.errors or ()}
    assert codes <= {"FORBIDDEN"}, result.errors
    if codes:
        assert "needs the capability" in result.errors[0].message or "outside" in result.errors[0].message  # type: ignore[index]
    return bool(codes)


def metric_named(value: str) -> Any:
    """The catalogue's record of an enum's value."""
    return next(m for m in catalog.METRICS if value.replace("_", "").lower() == m.name.lower())


def needs_of_group(value: str) -> tuple[str, ...]:
    return ("reports:agents:read",) if value == "AGENT" else ()


def needs_of_metric(value: str, *, by_agent: bool) -> tuple[str, ...]:
    name = metric_named(value).name
    ratings = ("csat:score:read", *(("csat:agent:read",) if by_agent else ())) if name in RATINGS else ()
    return ("reports:summary:read", *ratings)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("dimension", "operator"), list(product(DIMENSIONS, OPERATORS)))
async def test_a_filter_needs_what_naming_its_dimension_needs(
    dimension: str, operator: str, role: Role, desk: Asking
) -> None:
    condition = f"{dimension}: {{{operator.format(chr(34) + VALUES[dimension] + chr(34))}}}"
    needed = (FILTERS[dimension],) if dimension in FILTERS else ()

    for filter_ in (f"{{{condition}}}", f"{{and: [{{or: [{{{condition}}}]}}]}}"):
        for field in (f"report({PERIOD}, filter: {filter_}) {{ metrics {{ ticketsCreated {{ value }} }} }}",
                      f"tickets({PERIOD}, filter: {filter_}) {{ total }}"):  # fmt: skip
            assert await refused(desk, role, f"{{ {field} }}") == (not may(role, *needed))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("group", GROUPS)
async def test_a_grouping_needs_what_reading_its_rows_needs(group: str, role: Role, desk: Asking) -> None:
    grain = ", grain: MONTH" if group == "TIME" else ""
    fields = [f"breakdown(by: [{group}]{grain}) {{ total }}"]
    if group != "TIME":
        fields += [
            f"breakdown(by: [STATUS, {group}]) {{ total }}"
            if group != "STATUS"
            else "breakdown(by: [STATUS]) { total }",
            f"series(grain: MONTH, by: {group}) {{ groups {{ key {{ label }} }} }}",
        ]
    for field in fields:
        document = f"{{ report({PERIOD}) {{ {field} }} }}"
        assert await refused(desk, role, document) == (not may(role, *needs_of_group(group))), field


def orders() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each way to order or to bound rows by a metric: group, argument, what it needs."""
    for group, metric in product(("TEAM", "AGENT"), METRICS):
        needed = (*needs_of_group(group), *needs_of_metric(metric, by_agent=group == "AGENT"))
        yield group, f"orderBy: [{{metric: {metric}, direction: DESC}}]", needed
        yield group, f"having: [{{metric: {metric}, gte: 0}}]", needed


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("group", "argument", "needed"), list(orders()))
async def test_an_order_or_a_bound_needs_what_reading_the_metric_needs(
    group: str, argument: str, needed: tuple[str, ...], role: Role, desk: Asking
) -> None:
    document = f"{{ report({PERIOD}) {{ breakdown(by: [{group}], {argument}) {{ total }} }} }}"

    assert await refused(desk, role, document) == (not may(role, *needed))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("metric", METRICS)
async def test_an_order_of_agents_needs_what_reading_the_metric_needs(metric: str, role: Role, desk: Asking) -> None:
    needed = ("reports:agents:read", *needs_of_metric(metric, by_agent=True))
    document = f"{{ report({PERIOD}) {{ agents(orderBy: [{{metric: {metric}, direction: ASC}}]) {{ total }} }} }}"

    assert await refused(desk, role, document) == (not may(role, *needed))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("sort", SORTS)
async def test_an_order_of_tickets_needs_what_reading_the_column_needs(sort: str, role: Role, desk: Asking) -> None:
    whose = ("csat:agent:read",) if may(role, "reports:agents:read") else ()
    needed = ("csat:score:read", *whose) if sort == "SCORE" else ()
    document = f"{{ tickets({PERIOD}, orderBy: [{{by: {sort}}}]) {{ total }} }}"

    assert await refused(desk, role, document) == (not may(role, *needed))


@pytest.mark.parametrize("role", Role)
async def test_a_search_for_agents_needs_to_know_who_they_are(role: Role, desk: Asking) -> None:
    document = f'{{ report({PERIOD}) {{ agents(search: "a") {{ total }} }} }}'

    assert await refused(desk, role, document) == (not may(role, "reports:agents:read", "agents:identity:read"))


REST_SORTS: Final = ("ticketsCreated", "-ticketsResolved", "-csatScore", "ratingRate")


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("report", ["summary", "performance", "agents", "trends"])
async def test_a_route_with_each_filter_is_for_those_who_may_read_it(report: str, role: Role, rest: Rest) -> None:
    area = ("reports:agents:read",) if report == "agents" else (f"reports:{report}:read",)
    assert (await rest.get(report, MARCH, role)).status_code == (200 if may(role, *area) else 403)
    for dimension in DIMENSIONS:
        for value in (VALUES[dimension], "none"):
            needed = (*area, *((FILTERS[dimension],) if dimension in FILTERS else ()))
            found = await rest.get(report, {**MARCH, dimension: value}, role)
            assert found.status_code == (200 if may(role, *needed) else 403), (dimension, value, found.text)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("sort", REST_SORTS)
async def test_a_sort_of_the_agent_route_needs_what_reading_it_needs(sort: str, role: Role, rest: Rest) -> None:
    ratings = ("csat:score:read", "csat:agent:read") if sort.lstrip("-") in RATINGS else ()

    found = await rest.get("agents", {**MARCH, "sort": sort}, role)

    assert found.status_code == (200 if may(role, "reports:agents:read", *ratings) else 403), found.text


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("report", ["summary", "performance", "agents", "trends"])
async def test_an_export_needs_what_the_report_needs_and_to_export(report: str, role: Role, rest: Rest) -> None:
    area = "reports:agents:read" if report == "agents" else f"reports:{report}:read"
    for format_ in FORMATS:
        found = await rest.export({"report": report, "format": format_, **MARCH}, role)
        assert found.status_code == (200 if may(role, area, "reports:export:create") else 403), (format_, found.text)
