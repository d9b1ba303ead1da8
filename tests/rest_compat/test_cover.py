"""The cover: what a filter names is called as the role may know it, in a workbook, on paper, and in a mail's text."""

from __future__ import annotations

import io
import json
from typing import Any, Final

import openpyxl
import pytest

from db.access import Role
from rest_compat.export.body import order_of
from rest_compat.export.making import content_of
from tests.rest_compat.conftest import Rest
from tests.rest_compat.desk import FORMULA, MARCH, VIEWERS
from tests.rest_compat.pdf_reader import Read

CATEGORIES: Final = {"category": ["invoices", "none"]}
WORDS: Final = {"status": "on_hold", "priority": ["high", "urgent"]}
EVERYTHING: Final = {**CATEGORIES, "team": "billing", "agent": ["A-3", "A-2"], "organization": "O-1", "tag": "vip"}
OWN: Final = {"team": "billing", "agent": "A-1", "organization": "O-2"}
NAMES: Final = f'team Billing; agent Grace "Amazing", Hopper Jr. or {FORMULA}; organization Acme; tag vip'

TOLD: Final[list[tuple[Role, dict[str, Any], str]]] = [
    (Role.ADMIN, EVERYTHING, f"category @Invoices or unset; {NAMES}"),
    (Role.MANAGER, EVERYTHING, f"category @Invoices or unset; {NAMES}"),
    (Role.TEAM_LEAD, OWN, "team Billing; agent Ada; organization Zeta"),
    (Role.ANALYST, {**CATEGORIES, "team": ["support"]}, "category @Invoices or unset; team -Support"),
    # A client has no list of teams and tags.
    (Role.CLIENT, {"category": "login", "team": "billing", "tag": "vip"}, "category Login; team billing; tag vip"),
    (Role.CLIENT, {"organization": "O-1"}, "organization Acme"),
    (Role.CLIENT, WORDS, "priority high or urgent; status on hold"),
    (Role.MANAGER, {}, "none: all tickets that the role may see"),
]


def cover_of(workbook: bytes) -> dict[str, str]:
    """The lines of the first sheet."""
    sheet = openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[0]
    return {str(label): str(text) for label, text, *_ in sheet.iter_rows(values_only=True) if label}


@pytest.mark.parametrize(("role", "given", "told"), TOLD, ids=lambda one: getattr(one, "value", None))
async def test_a_filter_is_told_by_the_names_that_the_role_may_see(
    role: Role, given: dict[str, Any], told: str, rest: Rest
) -> None:
    response = await rest.export({"report": "summary", "format": "xlsx", **MARCH, **given}, role)

    assert response.status_code == 200, response.text
    assert cover_of(response.content)["Filter"] == told


@pytest.mark.parametrize("report", ["tickets", "breakdown", "trends"])
async def test_every_report_tells_it_on_paper_too(report: str, rest: Rest) -> None:
    given = {"category": "invoices", "organization": "O-1", **({"by": "team"} if report == "breakdown" else {})}
    further = {"metrics": "ticketsCreated"} if report == "breakdown" else {}
    response = await rest.export({"report": report, "format": "pdf", **MARCH, **given, **further})

    assert response.status_code == 200, response.text
    assert "category @Invoices; organization Acme" in Read.of(response.content).pages[0]


async def test_who_may_not_know_a_name_may_not_filter_by_it(rest: Rest) -> None:
    for name, value in (("agent", "A-1"), ("organization", "O-1")):
        answer = await rest.export({"report": "summary", "format": "xlsx", **MARCH, name: value}, Role.ANALYST)
        assert answer.status_code == 403


async def test_more_ids_than_a_list_has_are_all_named(rest: Rest) -> None:
    ids = [f"X-{n:03}" for n in range(520)]
    body = {"report": "summary", "format": "json", **MARCH, "agent": ids}
    order = order_of(json.dumps(body).encode())
    context = rest.gateway.context(VIEWERS[Role.MANAGER])

    content = await content_of(rest.gateway, context, order)

    assert dict(content.cover)["Filter"] == "agent " + " or ".join(f"Extra {n:03}" for n in range(520))
